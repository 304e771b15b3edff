import { jsonFields, jsonString, jsonStrings } from "../../../model/json.ts";
import { readTemplate } from "../../../re2/template.ts";
import { textAsBytes } from "../../../request/utf8.ts";
import { Lost } from "../lost.ts";
import { type Build, expression, expressions } from "./building.ts";

export const buildStripPrefix: Build = ({ spec, by }) => {
  const fields = jsonFields(spec);
  const prefixes = jsonStrings(fields.prefixes).map((prefix) => textAsBytes(prefix.trim()));
  return { steps: [{ kind: "strip-prefix", prefixes, forcesSlash: fields.forceSlash === true, by }] };
};

export const buildStripPrefixRegex: Build = ({ spec, by }) => {
  const prefixes = expressions(jsonStrings(jsonFields(spec).regex).map((source) => source.trim()));
  if (prefixes instanceof Lost) return prefixes;
  return { steps: [{ kind: "strip-prefix", prefixes, forcesSlash: false, by }] };
};

export const buildAddPrefix: Build = ({ spec, by }) => {
  const prefix = jsonString(jsonFields(spec).prefix) ?? "";
  if (prefix === "") return new Lost("its prefix is empty", "Write the prefix.");
  return { steps: [{ kind: "add-prefix", prefix: textAsBytes(prefix), by }] };
};

export const buildReplacePath: Build = ({ spec, by }) => ({
  steps: [{ kind: "replace-path", path: textAsBytes(jsonString(jsonFields(spec).path) ?? ""), by }],
});

export const buildReplacePathRegex: Build = ({ spec, by }) => {
  const { regex, replacement } = jsonFields(spec);
  const pattern = expression((jsonString(regex) ?? "").trim());
  if (pattern instanceof Lost) return pattern;
  const template = readTemplate((jsonString(replacement) ?? "").trim());
  return { steps: [{ kind: "replace-path-regex", pattern, replacement: template, by }] };
};
