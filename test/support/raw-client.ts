import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Ports } from "../../src/model/decision.ts";
import { hostHeader, type RequestLine } from "./request-line.ts";

/** One char per byte. */
export interface RawResponse {
  readonly status: number;
  /** Lower-case names; `; ` joins repeated values. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Catches a hang, not slowness. unit: ms */
export const PATIENCE_MS = 20_000;

/** The SNI for a host; addresses have none (RFC 6066 section 3). */
export function serverName(host: string): string | undefined {
  return /^[a-z0-9._-]+$/i.test(host) && !/^[0-9.]+$/.test(host) ? host : undefined;
}

function connect({ scheme, host }: RequestLine, ports: Ports): Socket {
  if (scheme === "http") return connectTcp({ host: "127.0.0.1", port: ports.http });
  const servername = serverName(host);
  return connectTls({
    host: "127.0.0.1",
    port: ports.https,
    rejectUnauthorized: false,
    ...(servername && { servername }),
  });
}

/** The head exactly as the line has it, without normalisation. */
function requestHead(request: RequestLine, ports: Ports): string {
  const own = request.headers.filter(([name]) => name.toLowerCase() !== "host");
  const size = request.bodySize === undefined ? [] : [["Content-Length", String(request.bodySize)]];
  const headers = [["Host", hostHeader(request, ports)], ...own, ...size, ["Connection", "close"]];
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return `${request.method} ${request.target} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

/** Dechunks a chunked body. */
function bodyOf(raw: string, headers: ReadonlyMap<string, string>): string {
  if (headers.get("transfer-encoding") !== "chunked") return raw;
  let rest = raw;
  let body = "";
  for (;;) {
    const end = rest.indexOf("\r\n");
    const size = Number.parseInt(rest.slice(0, end), 16);
    if (end < 0 || Number.isNaN(size)) throw new Error(`not a chunk: ${rest.slice(0, 40)}`);
    if (size === 0) return body;
    body += rest.slice(end + 2, end + 2 + size);
    rest = rest.slice(end + 2 + size + 2);
  }
}

function parseResponse(text: string): RawResponse {
  const end = text.indexOf("\r\n\r\n");
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]);
  if (end < 0 || !status) throw new Error(`not a response: ${text.slice(0, 80)}`);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [name = "", ...value] = line.split(":");
    const before = headers.get(name.toLowerCase());
    const text = value.join(":").trim();
    headers.set(name.toLowerCase(), before === undefined ? text : `${before}; ${text}`);
  }
  return { status, headers, body: bodyOf(text.slice(end + 4), headers) };
}

/** Sends one request on its own connection. */
export function askRaw(request: RequestLine, ports: Ports): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const socket = connect(request, ports);
    const chunks: Buffer[] = [];
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error(`no answer to ${request.text}`)));
    socket.on("data", (chunk) => chunks.push(chunk));
    const settle = (error?: Error) => {
      socket.destroy();
      try {
        resolve(parseResponse(Buffer.concat(chunks).toString("latin1")));
      } catch (unreadable) {
        reject(error ?? unreadable);
      }
    };
    // A reset may follow an answer that came before the body was read (413); what has arrived counts.
    socket.on("error", settle);
    socket.on("end", () => settle());
    socket.write(requestHead(request, ports), "latin1");
    if (request.bodySize !== undefined) socket.write(Buffer.alloc(request.bodySize, "x"));
  });
}
