import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** One act of a backend: bytes to send (one char per byte), or an event of the connection. */
export type Step = string | "refuse" | "end" | "reset" | "stall" | "pause";

/** A backend with one scripted fault. */
export interface FaultyBackend {
  readonly port: number;
  /** Requests whose head arrived since the last call. */
  asked(): number;
  close(): Promise<void>;
}

/** Port 1 has no listener. A recently free port may belong to another backend. */
const NOBODY = 1;

/** Long enough to split a read. unit: ms */
const PAUSE_MS = 20;

/**
 * A backend that plays one fault. If `primed`, the first request of a connection gets a good answer; all
 * others follow the steps.
 */
export async function startFaulty(steps: readonly Step[], primed: boolean): Promise<FaultyBackend> {
  const sockets = new Set<Socket>();
  let asked = 0;
  let primes = primed ? 1 : 0;
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
        text = text.slice(end + 4 + bodyLength(text.slice(0, end)));
        if (primes-- > 0) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nprime");
        else {
          asked++;
          void play(socket, steps);
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port: steps[0] === "refuse" ? NOBODY : port,
    asked: () => asked,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function bodyLength(head: string): number {
  return Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
}

async function play(socket: Socket, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if (socket.destroyed) return;
    if (step === "end") socket.end();
    else if (step === "reset") socket.resetAndDestroy();
    else if (step === "stall") return;
    else if (step === "pause") await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    else await new Promise<void>((resolve) => socket.write(Buffer.from(step, "latin1"), () => resolve()));
  }
}
