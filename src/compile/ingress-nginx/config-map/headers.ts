import { parseVariables } from "../../../match/variables.ts";
import type { ControllerOptions } from "../../../model/controller.ts";
import type { HeaderLine } from "../../../model/decision.ts";
import type { ConfigMap } from "../../../model/resource.ts";
import type { VariableText } from "../../../model/settings/variable-text.ts";
import type { ConfigData } from "./data.ts";

const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** `add-headers`: a ConfigMap with headers for every response (nginx.tmpl, `more_set_headers`). */
export function addedHeaders(
  data: ConfigData,
  configMaps: ReadonlyMap<string, ConfigMap>,
): readonly HeaderLine[] | undefined {
  const lines = named(data, "add-headers", configMaps);
  return lines.length === 0 ? undefined : lines;
}

/**
 * `proxy-set-headers`: a ConfigMap with headers for every request to a backend, nginx's variables and all; and
 * `X-Original-Uri` with `proxy-add-original-uri-header` (nginx.tmpl, `proxy_set_header`).
 */
export function setHeaders(
  data: ConfigData,
  configMaps: ReadonlyMap<string, ConfigMap>,
): ControllerOptions["requestHeaders"] {
  const original: HeaderLine[] =
    data.boolean("proxy-add-original-uri-header") === true ? [["X-Original-URI", "$request_uri"]] : [];
  const lines: (readonly [string, VariableText])[] = [];
  for (const [name, value] of [...original, ...named(data, "proxy-set-headers", configMaps)]) {
    const parsed = parseVariables(value);
    if (parsed.kind === "parsed") lines.push([name, parsed.text]);
    else {
      const what = `nginx has no variable ${parsed.variable} (of ${name}), and does not load its configuration`;
      data.ignored("proxy-set-headers", what, "Name a variable that nginx has, or leave the $ out.");
    }
  }
  return lines.length === 0 ? undefined : lines;
}

/** The lines of the ConfigMap that an option names as `NAMESPACE/NAME` (controller/nginx.go, OnUpdate). */
function named(
  data: ConfigData,
  key: string,
  configMaps: ReadonlyMap<string, ConfigMap>,
): readonly HeaderLine[] {
  const name = data.text(key);
  if (name === undefined || name === "") return [];
  const found = configMaps.get(name);
  if (found === undefined) {
    data.ignored(
      key,
      `there is no ConfigMap ${name}`,
      "Apply it, or write NAMESPACE/NAME of one that is there.",
    );
    return [];
  }
  const lines = [...found.data].sort(([a], [b]) => (a < b ? -1 : 1));
  const bad = lines.filter(([header, value]) => !HEADER_NAME.test(header) || /[\r\n\0]/.test(value));
  for (const [header] of bad)
    data.ignored(key, `"${header}" of ConfigMap ${name} is no header`, "Write names and values of headers.");
  return lines.filter((line) => !bad.includes(line));
}
