import { jsonFields, jsonString } from "../../../model/json.ts";
import { readTemplate } from "../../../re2/template.ts";
import { ESCAPES } from "../flags.ts";
import { Lost } from "../lost.ts";
import { type Build, expression } from "./building.ts";

export const buildRedirectScheme: Build = ({ spec, by }) => {
  const fields = jsonFields(spec);
  const scheme = jsonString(fields.scheme) ?? "";
  if (scheme === "") return new Lost("it names no scheme", "Write scheme: https.");
  const port = String(fields.port ?? "");
  const isUsual =
    port === "" || (scheme === "http" && port === "80") || (scheme === "https" && port === "443");
  const permanent = fields.permanent === true;
  return { steps: [{ kind: "redirect-scheme", scheme, port: isUsual ? "" : `:${port}`, permanent, by }] };
};

export const buildRedirectRegex: Build = ({ spec, by }) => {
  const { regex, replacement, permanent } = jsonFields(spec);
  const pattern = expression(jsonString(regex) ?? "");
  if (pattern instanceof Lost) return pattern;
  const template = readTemplate(jsonString(replacement) ?? "");
  return {
    steps: [{ kind: "redirect-regex", pattern, replacement: template, permanent: permanent === true, by }],
  };
};

/** Refuses what it does not allow by name. */
export const buildEncodedCharacters: Build = ({ spec, by }) => {
  const allowed = new Set(
    Object.entries(jsonFields(spec)).flatMap(([name, value]) => (value === true ? [name.toLowerCase()] : [])),
  );
  const escapes = ESCAPES.filter(([option]) => !allowed.has(option)).map(([, hex]) => hex);
  return { steps: [{ kind: "refused-escapes", escapes, by }] };
};
