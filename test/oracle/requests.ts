import fc from "fast-check";
import type { OracleIngress } from "./resources.ts";

/**
 * A drawn request: mostly numbers that select from the names of the given Ingresses. So most requests hit
 * something, and shrinking keeps their meaning.
 */
export interface RequestSketch {
  readonly scheme: "http" | "https";
  readonly method: string;
  readonly host: number;
  readonly hostForm: HostForm;
  readonly path: number;
  readonly edits: readonly { readonly at: number; readonly edit: Edit }[];
  readonly query: string;
  readonly form: "origin" | "absolute" | "absolute, other Host" | "HTTP/1.0" | "HTTP/1.0 without Host";
  /** Body size in bytes; 0: no body. */
  readonly bodySize: number;
  readonly origin: string | undefined;
}

export interface OracleRequest {
  readonly scheme: "http" | "https";
  readonly method: string;
  readonly host: string;
  /** Path and query, one char per byte. */
  readonly target: string;
  readonly form: RequestSketch["form"];
  readonly bodySize: number;
  readonly origin: string | undefined;
  /** The whole request, one char per byte. */
  readonly bytes: string;
}

const HOST_FORMS = ["as it is", "upper case", "with a port", "with a dot", "dot and port", "below"] as const;
type HostForm = (typeof HOST_FORMS)[number];

/** Edits between two bytes of a path, or on the next byte. */
const EDITS = {
  encode: (_: string, next: string) => percent(next),
  "encode in lower case": (_: string, next: string) => percent(next).toLowerCase(),
  "change case": (_: string, next: string) =>
    next === next.toLowerCase() ? next.toUpperCase() : next.toLowerCase(),
  drop: () => "",
  "slash before": (_: string, next: string) => `/${next}`,
  "dot before": (_: string, next: string) => `.${next}`,
  "dot segment": (_: string, next: string) => `/./${next}`,
  "up and down": (_: string, next: string) => `/x/../${next}`,
  up: (_: string, next: string) => `/..${next}`,
  "encoded dots": (_: string, next: string) => `/%2e%2E${next}`,
  "encoded slash": (_: string, next: string) => `%2F${next}`,
  newline: (_: string, next: string) => `%0a${next}`,
  "bad escape": (_: string, next: string) => `%zz${next}`,
  nul: (_: string, next: string) => `%00${next}`,
  "percent sign": (_: string, next: string) => `%25${next}`,
  "question mark": (_: string, next: string) => `%3f${next}`,
  hash: (_: string, next: string) => `%23${next}`,
  "high byte": (_: string, next: string) => `\xe9${next}`,
  "high byte, encoded": (_: string, next: string) => `%C3%A9${next}`,
  special: (_: string, next: string) => `&+;=$!'()*,:@~^\`"<>|{}[]\\${next}`,
  space: (_: string, next: string) => `%20${next}`,
} as const;
type Edit = keyof typeof EDITS;

function percent(byte: string): string {
  return byte === "" ? "" : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

const OTHER_HOSTS = [
  "unknown.test",
  "x.a.test",
  "y.x.a.test",
  "127.0.0.1",
  "[::1]",
  "a_b.a.test",
  "www.a.test",
  "-",
];
/** Possible values of `cors-allow-origin`. */
export const ORIGINS = ["http://o.test", "https://*.o.test", "http://*.o.test", "https://o.test:8443"];
const OTHER_PATHS = [
  "/",
  "/foo",
  "/foo/",
  "/foo/bar",
  "/foo/bar/baz",
  "/other",
  "/FOO",
  "/index.php",
  "/api/v1/x",
];

export const requestSketch: fc.Arbitrary<RequestSketch> = fc.record({
  scheme: fc.oneof({ weight: 6, arbitrary: fc.constant("http" as const) }, fc.constant("https" as const)),
  method: fc.oneof(
    { weight: 12, arbitrary: fc.constant("GET") },
    fc.constantFrom("POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PROPFIND"),
  ),
  host: fc.nat(63),
  hostForm: fc.oneof(
    { weight: 6, arbitrary: fc.constant("as it is" as const) },
    fc.constantFrom(...HOST_FORMS),
  ),
  path: fc.nat(255),
  edits: fc.array(fc.record({ at: fc.nat(40), edit: fc.constantFrom(...(Object.keys(EDITS) as Edit[])) }), {
    maxLength: 3,
  }),
  query: fc.oneof(
    { weight: 4, arbitrary: fc.constant("") },
    fc.constantFrom("?", "?a=b", "?a=b&c=%20", "?/../x", "??", "?#f", "#f", "?a=\xe9", "?x/", "/"),
  ),
  form: fc.oneof(
    { weight: 20, arbitrary: fc.constant("origin" as const) },
    fc.constantFrom(
      "absolute" as const,
      "absolute, other Host" as const,
      "HTTP/1.0" as const,
      "HTTP/1.0 without Host" as const,
    ),
  ),
  origin: fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    fc.constantFrom(
      ...ORIGINS,
      "http://x.o.test",
      "https://O.test:8443",
      "http://evil.test",
      "null",
      "http://xo.test",
    ),
  ),
  bodySize: fc.oneof(
    { weight: 15, arbitrary: fc.constant(0) },
    fc.constantFrom(1, 1024 * 1024, 1024 * 1024 + 1),
  ),
});

/** The request of a sketch for the given Ingresses. `samples`: paths that theirs are likely to match. */
export function requestOf(
  sketch: RequestSketch,
  ingresses: readonly OracleIngress[],
  samples: (path: string) => readonly string[],
): OracleRequest {
  const rules = ingresses.flatMap((ingress) => ingress.rules);
  const aliases = ingresses
    .flatMap(({ settings }) => settings.serverAlias ?? [])
    .filter((name) => /^[\w.*-]+$/.test(name));
  const hosts = [...rules.map(({ host }) => host).filter((host) => host !== ""), ...aliases, ...OTHER_HOSTS];
  const paths = rules.flatMap((rule) => rule.paths.flatMap(({ path }) => samples(path)));
  const host = hostOf(pick(hosts, sketch.host), sketch.hostForm);
  const path = edited(bytesOf(pick([...paths, ...paths, ...OTHER_PATHS], sketch.path)), sketch.edits);
  const target = path + sketch.query;
  const { scheme, method, form, bodySize, origin } = sketch;
  const request = { scheme, method, host, target, form, bodySize, origin };
  return { ...request, bytes: wireForm(request) };
}

function pick(choices: readonly string[], index: number): string {
  return choices[index % choices.length] ?? "/";
}

function hostOf(host: string, form: HostForm): string {
  const name = host.replace("*", "w");
  if (form === "upper case") return name.toUpperCase();
  if (form === "with a port") return `${name}:8080`;
  if (form === "with a dot") return name.startsWith("[") ? name : `${name}.`;
  if (form === "dot and port") return name.startsWith("[") ? `${name}:1` : `${name}.:443`;
  return form === "below" && !name.startsWith("[") ? `below.${name}` : name;
}

function edited(path: string, edits: RequestSketch["edits"]): string {
  return edits.reduce((text, { at, edit }) => {
    // The first byte stays: a path starts with a slash.
    const where = 1 + (at % text.length);
    return text.slice(0, where) + EDITS[edit]("", text.charAt(where)) + text.slice(where + 1);
  }, path);
}

/** UTF-8, one char per byte, with escaped spaces. */
function bytesOf(path: string): string {
  return Buffer.from(path, "utf8").toString("latin1").replace(/ /g, "%20");
}

function wireForm(request: Omit<OracleRequest, "bytes">): string {
  const { scheme, method, host, target, form, bodySize, origin } = request;
  const written = form.startsWith("absolute") ? `${scheme}://${host}${target}` : target;
  const version = form.startsWith("HTTP/1.0") ? "HTTP/1.0" : "HTTP/1.1";
  const hostLine =
    form === "HTTP/1.0 without Host"
      ? ""
      : `Host: ${form === "absolute, other Host" ? "other.test" : host}\r\n`;
  const originLine = origin === undefined ? "" : `Origin: ${origin}\r\n`;
  const length = bodySize > 0 ? `Content-Length: ${bodySize}\r\n` : "";
  return `${method} ${written} ${version}\r\n${hostLine}${originLine}${length}\r\n${"x".repeat(bodySize)}`;
}
