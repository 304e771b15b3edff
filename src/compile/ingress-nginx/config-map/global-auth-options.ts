import type { ConfigData } from "./data.ts";

/** annotations/parser, StringToURL: a scheme, a host, and no two dots. */
const URL = [/^[a-z][a-z0-9+.-]*:\/\/(?!.*\.\.)[^/?]+/i, "a URL with a scheme and a host"] as const;

/** The form of each option (template/configmap.go, ReadConfig). `global-auth-snippet` cannot be supported. */
const FORMS = new Map<string, readonly [pattern: RegExp, what: string]>([
  ["global-auth-url", URL],
  ["global-auth-method", [/^(?:GET|HEAD|POST|PUT|PATCH|DELETE|CONNECT|OPTIONS|TRACE|)$/, "an HTTP method"]],
  ["global-auth-signin", URL],
  ["global-auth-signin-redirect-param", [/^\s*[\w.~-]+\s*$/, "the name of a query parameter"]],
  ["global-auth-request-redirect", [/^/, "a URL"]],
  ["global-auth-cache-key", [/^/, "a text with nginx's variables"]],
  [
    "global-auth-cache-duration",
    [
      /^(?:\s*(?:\d{3} +)*\d+(?:ms|[smhdwMy]?)\s*(?:,|$)|\s*,)*\s*$/,
      "statuses and a time, such as 200 202 10m",
    ],
  ],
  ["no-auth-locations", [/^/, "a list of paths"]],
]);

/** `global-auth-url` and its options as written, by name. An empty value counts as absent. */
export function readGlobalAuth(data: ConfigData): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const [key, [pattern, what]] of FORMS) {
    const value = data.allowed(key, pattern, what)?.trim();
    if (value !== undefined && (value !== "" || key === "no-auth-locations")) options.set(key, value);
  }
  const names = responseHeaders(data);
  if (names.length > 0) options.set("global-auth-response-headers", names.join(","));
  if (data.boolean("global-auth-always-set-cookie") === true)
    options.set("global-auth-always-set-cookie", "true");
  return options;
}

/** authreq.ValidHeader; bad ones are left out one by one. */
function responseHeaders(data: ConfigData): readonly string[] {
  const key = "global-auth-response-headers";
  const names = data.list(key) ?? [];
  const bad = names.filter((name) => !/^[A-Za-z0-9_-]+$/.test(name));
  for (const name of bad)
    data.surprising(
      key,
      `"${name}" is no name of a header: the controller leaves it out`,
      "Write names of headers.",
    );
  return names.filter((name) => !bad.includes(name));
}
