import { headBuffers } from "../../http1/head.ts";
import { HeadParser } from "../../http1/head-parser.ts";
import type { RequestFacts } from "../../model/decision.ts";
import type { Plane } from "../../model/plane.ts";
import type { SampleRequest } from "../../model/sample-request.ts";
import { DEFAULT_LIMITS } from "../../proxy/limits.ts";
import { requestAddress } from "../../request/address/request-address.ts";
import { headerIn } from "../../request/header-line.ts";
import { headerLines } from "../../request/header-of.ts";

export type Surrounding = Pick<
  RequestFacts,
  "ports" | "exact" | "remoteAddress" | "chance" | "noEndpoints" | "tls"
>;

/** Parses a request as the proxy does. */
export function requestFacts(
  { scheme, entryPoint, method, target, headers, bodySize, client, chance }: SampleRequest,
  plane: Plane,
  surrounding: Surrounding,
): RequestFacts {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n`;
  const remoteAddress = client ?? surrounding.remoteAddress;
  const facts = rawRequestFacts(head, plane, { ...surrounding, scheme, remoteAddress });
  // A refused head has no target and no host; report those that were asked for.
  const asked = facts.target === "" ? { method, target, host: headerIn(headers, "host") ?? "" } : {};
  return {
    ...{ ...facts, ...asked, entryPoint },
    chance: chance ?? surrounding.chance,
    bodySize: bodySize ?? facts.bodySize,
  };
}

/** Parses a head as sent, up to its empty line. */
export function rawRequestFacts(
  text: string,
  plane: Plane,
  surrounding: Surrounding & Pick<RequestFacts, "scheme">,
): RequestFacts {
  const parser = new HeadParser(headBuffers(plane.limits, DEFAULT_LIMITS.firstHeadBytes));
  const head = parser.read(Buffer.from(text, "latin1"), 0);
  if (head === undefined) throw new Error(`the head does not end: ${JSON.stringify(text)}`);
  const raw = plane.received?.(head.headers) ?? head.headers;
  const read = plane.readHeaders(raw, surrounding.scheme);
  const { host, authority, target } = requestAddress(head.target, read, undefined);
  return {
    ...surrounding,
    // HTTP/0.9 answers every method with a body.
    method: head.major === 0 ? "GET" : head.method,
    version: `${head.major}.${head.minor}`,
    host,
    authority,
    target,
    head: read,
    refusal: head.refusal,
    bodySize: head.framing === "chunked" ? 0 : head.framing,
    header: (name) => plane.header(raw, name, surrounding),
    lines: (name) => headerLines(raw, name),
  };
}
