import type { Server as HttpServer, IncomingMessage } from "node:http";
import { connect, createServer, type Socket } from "node:net";
import { httpServer, httpsServer, type TestServer, tracked } from "./support.ts";

/** A test's proxy with its requested targets (`host:port`). */
export interface TestProxy extends TestServer {
  readonly asked: string[];
}

/** Joins a client with a local port, whatever the requested host. */
function join(client: Socket, port: number, accepted: () => void): void {
  const upstream = connect(port, "127.0.0.1", () => {
    accepted();
    client.pipe(upstream).pipe(client);
  });
  upstream.on("error", () => client.destroy());
  client.on("close", () => upstream.destroy());
}

/** A proxy for CONNECT, by https if it has a certificate. `asked` includes the client's credentials. */
export async function connectProxy(
  tls?: { readonly cert: string; readonly key: string },
  status = "200 OK",
): Promise<TestProxy> {
  const asked: string[] = [];
  const notConnect = (_request: IncomingMessage, response: { writeHead(status: number): { end(): void } }) =>
    response.writeHead(400).end();
  const proxy = await (tls === undefined ? httpServer(notConnect) : httpsServer(tls, notConnect));
  proxy.server.on("connect", ({ url = "", headers }: IncomingMessage, client: Socket) => {
    const credentials = headers["proxy-authorization"];
    asked.push(credentials === undefined ? url : `${url} ${credentials}`);
    if (status.startsWith("200"))
      join(client, Number(/\d+$/.exec(url)), () => client.write(`HTTP/1.1 ${status}\r\n\r\n`));
    else client.end(`HTTP/1.1 ${status}\r\n\r\n`);
  });
  return { ...proxy, asked };
}

export interface Socks5Options {
  /** The required `user:password` (RFC 1929). */
  readonly password?: string;
  /** The reply to CONNECT (RFC 1928, section 6). default: 0, succeeded */
  readonly reply?: number;
}

/** The target of a CONNECT request (RFC 1928, section 4). */
function targetOf(message: Buffer): readonly [host: string, port: number] {
  const kind = message[3];
  if (kind === 1) return [[...message.subarray(4, 8)].join("."), message.readUInt16BE(8)];
  if (kind === 4) return [`[${message.toString("hex", 4, 20)}]`, message.readUInt16BE(20)];
  const end = 5 + (message[4] ?? 0);
  return [message.toString("latin1", 5, end), message.readUInt16BE(end)];
}

/** A SOCKS 5 proxy that answers byte by byte, as TCP may do. */
export async function socks5Proxy({ password, reply = 0 }: Socks5Options = {}): Promise<TestProxy> {
  const asked: string[] = [];
  const server = createServer((client) => {
    const say = (...bytes: readonly number[]) => {
      for (const byte of bytes) client.write(Buffer.of(byte));
    };
    let credentials = "";
    const steps = [
      (message: Buffer) => {
        const wanted = password === undefined ? 0 : 2;
        say(5, message.subarray(2).includes(wanted) ? wanted : 0xff);
        if (password === undefined) steps.splice(0, 1);
      },
      (message: Buffer) => {
        const end = 2 + (message[1] ?? 0);
        credentials = `${message.toString("utf8", 2, end)}:${message.toString("utf8", end + 1)}`;
        say(1, credentials === password ? 0 : 1);
      },
      (message: Buffer) => {
        const [host, port] = targetOf(message);
        asked.push(`${host}:${port}${credentials === "" ? "" : ` ${credentials}`}`);
        if (reply !== 0) say(5, reply, 0, 1, 0, 0, 0, 0, 0, 0);
        else join(client, port, () => say(5, 0, 0, 1, 127, 0, 0, 1, 0, 80));
      },
    ];
    const onData = (message: Buffer) => {
      steps.shift()?.(message);
      if (steps.length === 0) client.off("data", onData);
    };
    client.on("data", onData);
  });
  return { ...(await tracked(server as HttpServer)), asked };
}
