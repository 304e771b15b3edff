import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createServer as createTlsServer, type SecureContextOptions } from "node:tls";
import { expect, onTestFinished } from "vitest";

/** A server that does what a test says with each request's head. */
export interface Misbehaving {
  readonly port: number;
  /** The bytes of each head, one char per byte. */
  readonly heads: readonly string[];
  /** Connections that are open now. */
  readonly open: () => number;
}

/**
 * Listens for as long as the test runs, by TLS with `tls`. Whatever else a test looks at: nothing but GET and HEAD may
 * ever reach it.
 */
export async function misbehaving(
  respond: (socket: Socket, head: string) => void,
  tls?: SecureContextOptions,
): Promise<Misbehaving> {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  const onSocket = (socket: Socket) => {
    sockets.add(socket);
    let text = "";
    socket
      .on("close", () => sockets.delete(socket))
      .on("error", () => undefined)
      .on("data", (chunk) => {
        text += chunk.toString("latin1");
        const end = text.indexOf("\r\n\r\n");
        if (end < 0) return;
        const head = text.slice(0, end + 4);
        text = text.slice(end + 4);
        heads.push(head);
        respond(socket, head);
      });
  };
  const server = tls === undefined ? createServer(onSocket) : createTlsServer(tls, onSocket);
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    expect(
      heads.map((head) => head.split(" ")[0]).filter((method) => !/^(?:GET|HEAD)$/.test(method ?? "")),
    ).toEqual([]);
  });
  return { port: (server.address() as AddressInfo).port, heads, open: () => sockets.size };
}

/** A port of the loopback that nobody listens on. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
