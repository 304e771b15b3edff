import { aboutConnection } from "../../../../http1/framing.ts";
import type { DirectHead } from "../../../../model/upstream/direct.ts";
import type { RequestBody } from "../../../connect/http1-client/request-writer.ts";
import type { Http1Request } from "../../../connect/http1-client.ts";

/** A request whose head a server reads exactly as it is said. */
export interface OrdinaryRequest {
  /** Without the framing of a body whose length is not known. */
  readonly head: DirectHead;
  readonly body: RequestBody;
  /** The announced length; `""`: none. */
  readonly length: string;
  /** unit: ms */
  readonly readTimeoutMs: number;
}

/** Any server takes a head of this size. unit: bytes */
const MOST_HEAD_BYTES = 65_536;

const METHOD = /^[A-Z_-]+$/;
const TARGET = /^\/[!-~\x80-\xff]*$/;
const NAME = /^[!-9;-~\x80-\xff]+$/;
/** No header line, or one that is read without its outer spaces. */
const ODD_VALUE = /[\0\r\n]|[^\0-\xff]|^ | $/;

/**
 * The request, if writing and reading it would change nothing, and if its framing says what follows. Others need a
 * connection: what becomes of them is for a server's parser to say.
 */
export function ordinary(request: Http1Request): OrdinaryRequest | undefined {
  const { method, path, version = "1.1", lines, body, length, readTimeoutMs } = request;
  if (!METHOD.test(method) || method === "CONNECT" || !TARGET.test(path)) return undefined;
  const about = aboutConnection(lines);
  const isFramed =
    about.codings === 0 && about.lengths === (length === "" ? 0 : 1) && about.length === length;
  const isBodyless = length === "" || length === "0";
  if (!isFramed || about.upgrade || (body === null && !isBodyless)) return undefined;
  if (!areOrdinary(lines, MOST_HEAD_BYTES - path.length)) return undefined;
  const keepAlive = about.keepAlive ?? version === "1.1";
  const head = { method, target: path, version, headers: lines, keepAlive };
  return { head, body, length, readTimeoutMs };
}

function areOrdinary(lines: readonly string[], most: number): boolean {
  let bytes = 0;
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const name = lines[i] ?? "";
    const value = lines[i + 1] ?? "";
    bytes += name.length + value.length + 4;
    if (!NAME.test(name) || ODD_VALUE.test(value)) return false;
    // A server says `100 Continue` first.
    if (name.length === 6 && name.toLowerCase() === "expect") return false;
  }
  return bytes <= most;
}
