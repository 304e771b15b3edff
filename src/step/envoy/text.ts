import type { Arrival } from "../arrival.ts";

/** A header's value with Envoy's command operators (`%REQ(X-A?X-B):20%`), read once. */
export type EnvoyText = readonly (string | EnvoyPart)[];

/** Operators that are known before an answer; every other one is empty. */
type EnvoyPart =
  | { readonly kind: "request header"; readonly names: readonly string[]; readonly most?: number | undefined }
  | {
      readonly kind:
        | "client"
        | "details"
        | "flags"
        | "local address"
        | "local port"
        | "machine"
        | "protocol"
        | "server name"
        | "tls version"
        | "unknown";
    };

/** `%NAME%`, `%NAME(argument)%`, `%NAME(argument):20%`. */
const OPERATOR = /%([A-Z_0-9]+)(?:\(([^)%]*)\))?(?::(\d+))?%/y;

const KINDS: ReadonlyMap<string, Exclude<EnvoyPart, { kind: "request header" }>["kind"]> = new Map([
  ["DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT", "client"],
  ["DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT", "client"],
  ["DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT", "local address"],
  ["DOWNSTREAM_LOCAL_PORT", "local port"],
  ["DOWNSTREAM_TLS_VERSION", "tls version"],
  ["HOSTNAME", "machine"],
  ["PROTOCOL", "protocol"],
  ["REQUESTED_SERVER_NAME", "server name"],
  ["RESPONSE_CODE_DETAILS", "details"],
  ["RESPONSE_FLAGS", "flags"],
]);

/** The operators that are read, by name and argument; every other percent sign stays as it is written. */
type IsOperator = (name: string, argument: string) => boolean;

/** default: every name is an operator, and `%%` is a percent sign */
export function readEnvoyText(source: string, isOperator?: IsOperator): EnvoyText {
  const parts: (string | EnvoyPart)[] = [];
  let literal = "";
  let at = 0;
  while (at < source.length) {
    OPERATOR.lastIndex = at;
    const found = source[at] === "%" ? OPERATOR.exec(source) : null;
    const [whole = "", name = "", argument = "", most] = found ?? [];
    if (found !== null && isOperator?.(name, argument) !== false) {
      if (literal !== "") parts.push(literal);
      literal = "";
      parts.push(partNamed(name, argument, most));
      at += whole.length;
    } else {
      literal += source[at] ?? "";
      at += isOperator === undefined && source.startsWith("%%", at) ? 2 : 1;
    }
  }
  if (literal !== "") parts.push(literal);
  return parts;
}

function partNamed(name: string, argument: string, most: string | undefined): EnvoyPart {
  if (name !== "REQ") return { kind: KINDS.get(name) ?? "unknown" };
  const names = argument.split("?").map((header) => header.trim().toLowerCase());
  return { kind: "request header", names, most: most === undefined ? undefined : Number(most) };
}

export function fillEnvoyText(text: EnvoyText, at: Pick<Arrival, "request" | "path" | "table">): string {
  let filled = "";
  for (const part of text) filled += typeof part === "string" ? part : filledPart(part, at);
  return filled;
}

function filledPart(part: EnvoyPart, at: Pick<Arrival, "request" | "path" | "table">): string {
  const { request } = at;
  switch (part.kind) {
    case "request header": {
      for (const name of part.names) {
        const value = requestHeader(name, at);
        if (value !== undefined && value !== "") return value.slice(0, part.most);
      }
      return "";
    }
    case "client":
      return request.remoteAddress;
    case "local address":
      return "127.0.0.1";
    case "machine":
      return "envoy";
    // Of an answer that a backend gave.
    case "details":
      return "via_upstream";
    case "flags":
      return "-";
    case "protocol":
      return `HTTP/${request.version ?? "1.1"}`;
    case "server name":
      return request.tls?.servername ?? "";
    case "tls version":
      return request.tls?.version ?? "";
    case "local port":
      return String(at.table.entryPoints.find(({ scheme }) => scheme === request.scheme)?.port ?? "");
    case "unknown":
      return "";
  }
}

function requestHeader(
  name: string,
  { request, path }: Pick<Arrival, "request" | "path">,
): string | undefined {
  switch (name) {
    case ":authority":
    case "host":
      return request.authority ?? request.host;
    case ":method":
      return request.method;
    case ":scheme":
      return request.scheme;
    case "x-forwarded-proto":
      return request.claims?.scheme ?? request.scheme;
    case "x-forwarded-for": {
      const before = request.lines?.(name) ?? [];
      return [...before, request.connectedFrom ?? request.remoteAddress].join(",");
    }
    case ":path":
      return path.sent ?? request.target;
    default:
      return request.header(name);
  }
}
