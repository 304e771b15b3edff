import { type Head, headBuffers } from "../../http1/head.ts";
import { HeadParser } from "../../http1/head-parser.ts";
import type { HeaderLine, RequestFacts, Scheme } from "../../model/decision.ts";
import type { Plane } from "../../model/plane.ts";
import { DEFAULT_LIMITS } from "../../proxy/limits.ts";
import { requestAddress } from "../../request/request-address.ts";

/** A request as an HTTP/1.1 client would send it; one char per byte. */
export interface SampleRequest {
  readonly scheme: Scheme;
  readonly method: string;
  readonly target: string;
  /** `Host` included. */
  readonly headers: readonly HeaderLine[];
  /** default: as the headers announce. unit: bytes */
  readonly bodySize?: number | undefined;
}

export type Surrounding = Pick<
  RequestFacts,
  "ports" | "exact" | "remoteAddress" | "chance" | "noEndpoints" | "tls"
>;

/** Parses a request as the proxy does. */
export function requestFacts(
  { scheme, method, target, headers, bodySize }: SampleRequest,
  plane: Plane,
  surrounding: Surrounding,
): RequestFacts {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  const head = readHead(`${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n`, plane);
  const read = plane.readHeaders(head.headers);
  const { host, authority, target: origin } = requestAddress(head.target || target, read, undefined);
  return {
    ...surrounding,
    scheme,
    method,
    host,
    authority,
    target: origin,
    head: read,
    refusal: head.refusal,
    bodySize: bodySize ?? (head.framing === "chunked" ? 0 : head.framing),
    header: (name) => plane.header(head.headers, name),
  };
}

function readHead(text: string, { limits }: Plane): Head {
  const parser = new HeadParser(headBuffers(limits, DEFAULT_LIMITS.firstHeadBytes));
  const head = parser.read(Buffer.from(text, "latin1"), 0);
  if (head === undefined) throw new Error("a head that ends in an empty line is whole");
  return head;
}
