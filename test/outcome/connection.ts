import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Ports, Scheme } from "../../src/model/decision.ts";

/** Expected after an answer's head; HTTP/0.9 has no head. */
export type Expected = "body" | "no body" | "HTTP/0.9";

/** An answer as read from the wire; HTTP/0.9 has only a body. */
export interface WireAnswer {
  readonly status: number | undefined;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** A client that keeps its connection as long as the proxy does. */
export interface KeptClient {
  ask(raw: string, expects: Expected): Promise<WireAnswer>;
  close(): void;
}

/** After this time a request hangs. */
const PATIENCE_MS = 20_000;

export function keptClient(scheme: Scheme, ports: Ports): KeptClient {
  let socket: Socket | undefined;
  return {
    async ask(raw, expects) {
      const used = socket ?? open(scheme, ports);
      socket = used;
      const answer = await exchange(used, raw, expects);
      if (used.destroyed || expects === "HTTP/0.9" || saysClose(answer)) {
        used.destroy();
        socket = undefined;
      }
      return answer;
    },
    close: () => socket?.destroy(),
  };
}

function open(scheme: Scheme, ports: Ports): Socket {
  const at = { host: "127.0.0.1", port: ports[scheme] };
  const options = { ...at, servername: "one.test", rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] };
  const socket = scheme === "http" ? connectTcp({ ...at, noDelay: true }) : connectTls(options);
  return socket.on("error", () => socket.destroy());
}

function saysClose({ headers }: WireAnswer): boolean {
  return headers.some(([name, value]) => name.toLowerCase() === "connection" && value === "close");
}

function exchange(socket: Socket, raw: string, expects: Expected): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    let text = "";
    const settle = (answer: WireAnswer | undefined, what: string) => {
      clearTimeout(timer);
      socket.off("data", onData).off("close", onClose);
      if (answer === undefined) reject(new Error(`${what}: ${JSON.stringify(text.slice(0, 500))}`));
      else resolve(answer);
    };
    const onData = (chunk: Buffer) => {
      text += chunk.toString("latin1");
      const answer = expects === "HTTP/0.9" ? undefined : readAnswer(text, expects);
      if (answer !== undefined) settle(answer, "");
    };
    const onClose = () => {
      const old = { status: undefined, headers: [], body: text };
      settle(
        expects === "HTTP/0.9" ? old : readAnswer(text, expects, "at its end"),
        "the connection was closed",
      );
    };
    const timer = setTimeout(() => settle(undefined, "nothing came"), PATIENCE_MS);
    socket.on("data", onData).on("close", onClose);
    socket.write(raw, "latin1");
  });
}

/** `undefined` until the answer is complete. */
function readAnswer(
  text: string,
  expects: "body" | "no body",
  connection: "open" | "at its end" = "open",
): WireAnswer | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]);
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const rest = text.slice(end + 4);
  const value = (name: string) => headers.find(([found]) => found.toLowerCase() === name)?.[1];
  if (expects === "no body" || status === 204 || status === 304) return { status, headers, body: "" };
  if (value("transfer-encoding") === "chunked") {
    const body = unchunked(rest);
    return body === undefined ? undefined : { status, headers, body };
  }
  const length = value("content-length");
  if (length === undefined && connection === "open") return undefined;
  const size = length === undefined ? rest.length : Number(length);
  return rest.length < size ? undefined : { status, headers, body: rest.slice(0, size) };
}

function unchunked(text: string): string | undefined {
  let body = "";
  for (let at = 0; ; ) {
    const end = text.indexOf("\r\n", at);
    if (end < 0) return undefined;
    const size = Number.parseInt(text.slice(at, end), 16);
    if (text.length < end + 2 + size + 2) return undefined;
    if (size === 0) return body;
    body += text.slice(end + 2, end + 2 + size);
    at = end + 2 + size + 2;
  }
}
