import { InvalidHeader } from "../../../connect/upstream-fault.ts";

/** The head of an application's answer: CGI's (RFC 3875 section 6), which is HTTP's without a status line. */
export interface CgiHead {
  readonly status: number;
  /** Names and values alternating, without `Status`. */
  readonly raw: readonly string[];
  /** `Content-Length`; -1: none */
  readonly length: number;
  /** Bytes after the head. */
  readonly rest: Buffer;
}

const MOST_BYTES = 65_536;

/**
 * The head once complete. Without `Status` it is 200, or 302 beside a `Location`, as in nginx
 * (ngx_http_fastcgi_process_header).
 * @throws InvalidHeader
 */
export function readHead(bytes: Buffer): CgiHead | undefined {
  const text = bytes.toString("latin1", 0, MOST_BYTES);
  const end = /\r?\n\r?\n/.exec(text);
  if (end === null) {
    if (bytes.length >= MOST_BYTES) throw new InvalidHeader("the application's headers are too long");
    return undefined;
  }
  let status: number | undefined;
  let length = -1;
  const raw: string[] = [];
  for (const line of text.slice(0, end.index).split(/\r?\n/)) {
    const found = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*$/.exec(line);
    if (found === null)
      throw new InvalidHeader(`the application sent no header: ${JSON.stringify(line.slice(0, 80))}`);
    const [, name = "", value = ""] = found;
    if (name.toLowerCase() === "status") status = Number(/^\d{3}(?= |$)/.exec(value)?.[0] ?? 0);
    else raw.push(name, value);
    if (name.toLowerCase() === "content-length") length = Number(value);
  }
  const location = raw.some((name, i) => i % 2 === 0 && name.toLowerCase() === "location");
  status ??= location ? 302 : 200;
  if (status < 200) throw new InvalidHeader(`the application answered with the status ${status}`);
  return { status, raw, length, rest: bytes.subarray(end.index + end[0].length) };
}
