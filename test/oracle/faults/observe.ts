import { exchangeRaw } from "../../support/raw.ts";
import type { Fault } from "./table.ts";

/** A fault as the client sees it. */
export interface Observed {
  /** Status and phrase; `""`: no answer. */
  readonly status: string;
  /** Header lines without each server's own, sorted by name. */
  readonly headers: readonly string[];
  readonly body: string;
  /** By its framing. */
  readonly body_is: "complete" | "cut off";
  /** Requests that the backend received. */
  readonly asked: number;
}

/** Per-connection headers, dates and server names differ. */
const OWN = /^(?:server|date|connection|keep-alive|transfer-encoding):/i;

/** Requests a path on a connection that ends with the answer. */
export async function observe(
  port: number,
  path: string,
  { method, primed }: Fault,
  asked: () => number,
): Promise<Observed> {
  const head = (line: string) => `${line} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n`;
  if (primed) await exchangeRaw(port, `${head(`GET ${path}`)}\r\n`);
  const body = method === "POST" ? "Content-Length: 3\r\n\r\nabc" : "\r\n";
  const { text } = await exchangeRaw(port, head(`${method} ${path}`) + body);
  return { ...read(text, method), asked: asked() };
}

function read(text: string, method: string): Omit<Observed, "asked"> {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return { status: "", headers: [], body: text, body_is: "cut off" };
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const status = first.replace(/^HTTP\/1\.1 /, "");
  const rest = text.slice(end + 4);
  const headers = lines.filter((line) => !OWN.test(line)).sort();
  const length = /^content-length: (\d+)$/im.exec(lines.join("\n"))?.[1];
  const bodiless = method === "HEAD" || /^(?:1|204|304)/.test(status);
  const whole = (body: string, isWhole: boolean) =>
    ({ status, headers, body, body_is: isWhole ? "complete" : "cut off" }) as const;
  if (bodiless) return whole(rest, true);
  if (lines.some((line) => /^transfer-encoding: chunked$/i.test(line))) {
    const { body, last } = unchunked(rest);
    return whole(body, last);
  }
  return whole(rest, length === undefined || rest.length === Number(length));
}

function unchunked(text: string): { readonly body: string; readonly last: boolean } {
  let body = "";
  let at = 0;
  for (;;) {
    const size = /^([0-9a-f]+)[^\r\n]*\r\n/i.exec(text.slice(at));
    if (size === null) return { body, last: false };
    const bytes = Number.parseInt(size[1] ?? "", 16);
    at += size[0].length;
    if (bytes === 0) return { body, last: text.slice(at).endsWith("\r\n") };
    body += text.slice(at, at + bytes);
    at += bytes + 2;
  }
}
