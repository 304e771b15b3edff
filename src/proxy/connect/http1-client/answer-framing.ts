import { InvalidHeader } from "../upstream-fault.ts";

/** What follows an answer's head: bytes, chunks, or everything up to the connection's end. */
type AnswerFraming = number | "chunked" | "until-close";

export interface Framed {
  readonly framing: AnswerFraming;
  /** The upstream takes another request on this connection. */
  readonly isKeptOpen: boolean;
}

interface AnswerStart {
  readonly status: number;
  readonly major: number;
  readonly minor: number;
  /** Names and values alternating. */
  readonly raw: readonly string[];
}

/** The largest length that nginx can count (`off_t`, ngx_atoof). */
const MOST_LENGTH = 2n ** 63n - 1n;

/**
 * The framing of an answer to a request with this method. What another reader could take differently is refused, as
 * in nginx since 1.23 (ngx_http_upstream_process_content_length, ngx_http_upstream_process_transfer_encoding).
 * @throws InvalidHeader
 */
export function framingOfAnswer({ status, major, minor, raw }: AnswerStart, method: string): Framed {
  let length = -1;
  let isChunked = false;
  // ngx_http_proxy_process_status_line
  let isKeptOpen = major > 1 || (major === 1 && minor > 0);
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? "";
    const size = name.length;
    if (size !== 10 && size !== 14 && size !== 17) continue;
    const value = raw[i + 1] ?? "";
    const lower = name.toLowerCase();
    if (lower === "connection") isKeptOpen &&= !/close/i.test(value);
    else if (lower === "content-length") {
      if (length >= 0) throw new InvalidHeader("the upstream sent two Content-Length headers");
      length = lengthOf(value);
    } else if (lower === "transfer-encoding") {
      if (isChunked) throw new InvalidHeader("the upstream sent two Transfer-Encoding headers");
      if (value.toLowerCase() !== "chunked")
        throw new InvalidHeader(`the upstream sent an unknown Transfer-Encoding: ${JSON.stringify(value)}`);
      isChunked = true;
    }
  }
  if (length >= 0 && isChunked)
    throw new InvalidHeader("the upstream sent both Content-Length and Transfer-Encoding");
  // ngx_http_proxy_input_filter_init
  if (method === "HEAD" || status === 204 || status === 304) return { framing: 0, isKeptOpen };
  if (isChunked) return { framing: "chunked", isKeptOpen };
  return length < 0 ? { framing: "until-close", isKeptOpen: false } : { framing: length, isKeptOpen };
}

function lengthOf(value: string): number {
  if (!/^\d+$/.test(value) || (value.length > 15 && BigInt(value) > MOST_LENGTH))
    throw new InvalidHeader(`the upstream sent a Content-Length that is no number: ${JSON.stringify(value)}`);
  return Number(value);
}
