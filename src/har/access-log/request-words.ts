import type { Scheme } from "../../model/decision.ts";

/** A request line's parts; host and scheme only of a target in absolute form. */
export interface RequestWords {
  readonly method: string;
  readonly target: string;
  readonly host?: string | undefined;
  readonly scheme?: Scheme | undefined;
}

const REQUEST = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) (.+?)(?: HTTP\/[\d.]+)?$/s;
const ABSOLUTE = /^(https?):\/\/([^/?#]*)([^#]*)/i;

/** `GET /path HTTP/1.1`; `undefined` for what is no request line: TLS on a port for http, or nothing. */
export function requestWords(line: string): RequestWords | undefined {
  const [, method, target] = REQUEST.exec(line) ?? [];
  return method === undefined || target === undefined ? undefined : { method, ...targetWords(target) };
}

/** A path, or a whole URL. */
export function targetWords(written: string): Omit<RequestWords, "method"> {
  const [, scheme, host, rest = ""] = ABSOLUTE.exec(written) ?? [];
  if (scheme === undefined) return { target: written };
  return {
    target: rest.startsWith("/") ? rest : `/${rest}`,
    host: host === "" ? undefined : host,
    scheme: scheme.toLowerCase() === "https" ? "https" : "http",
  };
}
