import type { Dispatcher } from "undici";
import { headText } from "../connect/own-head.ts";
import type { Lane } from "../connect/pool.ts";
import type { Upload } from "./upload.ts";

/** One request for an upstream that speaks HTTP/1. */
export interface UpstreamRequest {
  readonly method: string;
  /** Path and query, rooted, one char a byte. */
  readonly path: string;
  /** 1.1, unless said otherwise. */
  readonly version?: "1.0";
  /** Names and values in turn: all that is sent, `Host` and `Content-Length` as well. */
  readonly lines: readonly string[];
  readonly body: Upload | Buffer | null;
  /** What the lines announce of the body; `""` for nothing. */
  readonly length: string;
  /** For the head and for each pause within the body, in ms. */
  readonly readTimeoutMs: number;
}

/** Sends a request on a lane, its head written as nginx writes it. What goes wrong is told to the handler. */
export function send(lane: Lane, request: UpstreamRequest, handler: Dispatcher.DispatchHandler): void {
  const { method, path, version = "1.1", lines, body, length, readTimeoutMs } = request;
  let text: string;
  try {
    text = headText({ method, path, version }, lines);
  } catch (error) {
    handler.onError?.(error instanceof Error ? error : new Error(String(error)));
    return;
  }
  lane.head = { text, framed: body === null || length !== "" ? "said" : "not-said" };
  lane.client.dispatch(
    {
      method,
      path,
      // By its length undici frames a body; the head that it makes of the rest is not sent.
      headers: body === null || length === "" ? [] : ["content-length", length],
      ...(saysClose(lines) ? { reset: true } : {}),
      body,
      headersTimeout: readTimeoutMs,
      bodyTimeout: readTimeoutMs,
    },
    handler,
  );
}

/** True of lines that end the connection with the answer. */
function saysClose(lines: readonly string[]): boolean {
  for (let i = 0; i + 1 < lines.length; i += 2)
    if (lines[i]?.length === 10 && lines[i]?.toLowerCase() === "connection")
      return lines[i + 1]?.toLowerCase() === "close";
  return false;
}
