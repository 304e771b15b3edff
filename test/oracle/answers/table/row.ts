import type { Answer } from "../answer.ts";

/** What differs from a GET on a fresh connection that stays open. */
type Special = Partial<Pick<Answer, "method" | "end" | "connection" | "upload">>;

/** Name, reason, bytes. */
export type Row = readonly [name: string, why: string, bytes: string, special?: Special];

export const OK = "HTTP/1.1 200 OK\r\n";
export const LENGTH = "Content-Length: 5\r\n";
export const CHUNKED = "Transfer-Encoding: chunked\r\n";
export const GOOD = `${OK}${LENGTH}\r\nhello`;

/** Fields before a good length and body. */
export function withFields(fields: string): string {
  return `${OK}${fields}${LENGTH}\r\nhello`;
}

/** A status line before a good head and body. */
export function withStatusLine(line: string): string {
  return `${line}\r\n${LENGTH}\r\nhello`;
}

/** A body behind a head that announces chunks. */
export function inChunks(body: string): string {
  return `${OK}${CHUNKED}\r\n${body}`;
}

/** Fields before a blank line and `hello`. */
export function framedBy(fields: string): string {
  return `${OK}${fields}\r\nhello`;
}
