import type { SetHeader } from "../../../model/controller.ts";
import type { HeaderLine } from "../../../model/decision.ts";
import type { ConfigMap } from "../../../model/resource.ts";
import { emptyHere, parseVariables } from "../../../request/variables.ts";
import type { ByName } from "../../world.ts";
import { unknownVariable } from "../stop-words.ts";
import type { ConfigData } from "./data.ts";

const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** The `Server` of ingress-nginx v1.15.1's nginx. */
const NGINX = "nginx/1.27.1";

/**
 * `hide-headers`, `server-tokens` and `add-headers`; the last of equal names wins (nginx.tmpl,
 * `proxy_hide_header`, `more_set_headers`).
 */
export function headersEverywhere(
  data: ConfigData,
  configMaps: ByName<ConfigMap>,
): readonly SetHeader[] | undefined {
  const isTold = data.boolean("server-tokens") === true;
  const lines = [
    ...(data.list("hide-headers") ?? []).map((name) => literal(name.toLowerCase(), "")),
    ...(isTold ? [literal("Server", NGINX)] : []),
    ...addedHeaders(data, configMaps),
  ];
  return lines.length === 0 ? undefined : lines;
}

function literal(name: string, value: string): SetHeader {
  return [name, { source: value, parts: value === "" ? [] : [value] }];
}

/** With nginx's variables. A `Server` after them is cleared unless `server-tokens` is on. */
function addedHeaders(data: ConfigData, configMaps: ByName<ConfigMap>): readonly SetHeader[] {
  const key = "add-headers";
  const lines = parsed(data, key, named(data, key, configMaps));
  if (data.boolean("server-tokens") === true) return lines;
  const kept = lines.filter(([name]) => name.toLowerCase() !== "server");
  if (kept.length < lines.length)
    data.surprising(
      key,
      "Server is not sent: the controller takes it away again while server-tokens is off",
      "Leave it out, or use custom-headers in the Ingress.",
    );
  return kept;
}

/**
 * `proxy-set-headers`: a ConfigMap with headers for every backend request, variables included; and
 * `X-Original-Uri` with `proxy-add-original-uri-header` (nginx.tmpl, `proxy_set_header`).
 */
export function setHeaders(
  data: ConfigData,
  configMaps: ByName<ConfigMap>,
): readonly SetHeader[] | undefined {
  const key = "proxy-set-headers";
  const original: HeaderLine[] =
    data.boolean("proxy-add-original-uri-header") === true ? [["X-Original-URI", "$request_uri"]] : [];
  const lines = parsed(data, key, [...original, ...named(data, key, configMaps)]);
  return lines.length === 0 ? undefined : lines;
}

function parsed(data: ConfigData, key: string, lines: readonly HeaderLine[]): readonly SetHeader[] {
  return lines.flatMap(([name, value]): readonly SetHeader[] => {
    const found = parseVariables(value);
    if (found.kind === "parsed") {
      const empty = emptyHere(found.text);
      if (empty !== undefined) data.notHonoured(key, `${name}: ${empty}`);
      return [[name, found.text]];
    }
    const { variable } = found;
    const what = `nginx has no variable ${variable} (of ${name})`;
    data.stops(key, unknownVariable(variable), what, "Name a variable of nginx, or leave the $ out.");
    return [];
  });
}

function asBytes(value: string): string {
  return Buffer.from(value, "utf8").toString("latin1");
}

/** The data of the ConfigMap that an option names as `NAMESPACE/NAME` (controller/nginx.go, OnUpdate). */
function named(data: ConfigData, key: string, configMaps: ByName<ConfigMap>): readonly HeaderLine[] {
  const name = data.text(key);
  if (name === undefined || name === "") return [];
  const found = configMaps.get(name);
  if (found === undefined) {
    const fix = "Apply it, or write the NAMESPACE/NAME of an existing one, without blanks.";
    data.surprising(key, `there is no ConfigMap "${name}": the controller adds nothing`, fix);
    return [];
  }
  const lines = [...found.data]
    .map(([header, value]): HeaderLine => [header, asBytes(value)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const bad = lines.filter(([header, value]) => !HEADER_NAME.test(header) || /[\r\n\0]/.test(value));
  for (const [header] of bad)
    data.ignored(key, `"${header}" of ConfigMap ${name} is no header`, "Write header names and values.");
  return lines.filter((line) => !bad.includes(line));
}
