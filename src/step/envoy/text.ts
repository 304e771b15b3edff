import type { Arrival } from "../arrival.ts";

/** A header's value with Envoy's command operators (`%REQ(X-A?X-B):20%`), read once. */
export type EnvoyText = readonly (string | EnvoyPart)[];

/** Operators that are known before an answer; every other one is empty. */
type EnvoyPart =
  | { readonly kind: "request header"; readonly names: readonly string[]; readonly most?: number | undefined }
  | { readonly kind: "client" | "protocol" | "server name" | "local port" | "unknown" };

/** `%NAME%`, `%NAME(argument)%`, `%NAME(argument):20%`; `%%` is a percent sign. */
const OPERATOR = /%(?:%|([A-Z_0-9]+)(?:\(([^)]*)\))?(?::(\d+))?%)/g;

const KINDS: ReadonlyMap<string, "client" | "protocol" | "server name" | "local port"> = new Map([
  ["DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT", "client"],
  ["DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT", "client"],
  ["PROTOCOL", "protocol"],
  ["REQUESTED_SERVER_NAME", "server name"],
  ["DOWNSTREAM_LOCAL_PORT", "local port"],
]);

/** `isOperator`: `""` is for `%%`; the rest stays as it is written. default: every name is one */
export function readEnvoyText(source: string, isOperator: (name: string) => boolean = () => true): EnvoyText {
  const parts: (string | EnvoyPart)[] = [];
  let end = 0;
  for (const found of source.matchAll(OPERATOR)) {
    const [whole, name, argument = "", most] = found;
    if (!isOperator(name ?? "")) continue;
    if (found.index > end) parts.push(source.slice(end, found.index));
    end = found.index + whole.length;
    parts.push(name === undefined ? "%" : partNamed(name, argument, most));
  }
  if (end < source.length) parts.push(source.slice(end));
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
    case "protocol":
      return `HTTP/${request.version ?? "1.1"}`;
    case "server name":
      return request.tls?.servername ?? "";
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
    case ":path":
      return path.sent ?? request.target;
    default:
      return request.header(name);
  }
}
