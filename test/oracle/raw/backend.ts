import { type AddressInfo, createServer, type Socket } from "node:net";

/** A backend that accepts anything and answers with the bytes that it received. */
export interface RecordingBackend {
  readonly port: number;
  close(): Promise<void>;
}

export async function startRecording(): Promise<RecordingBackend> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      for (let end = endOf(text); end > 0; end = endOf(text)) {
        socket.write(answerTo(text.slice(0, end)), "latin1");
        text = text.slice(end);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** End of the first request, exclusive; 0 while incomplete. */
function endOf(text: string): number {
  const head = text.indexOf("\r\n\r\n") + 4;
  if (head < 4) return 0;
  const length = Number(/\r\nContent-Length: (\d+)\r\n/i.exec(text.slice(0, head))?.[1] ?? 0);
  return text.length < head + length ? 0 : head + length;
}

function answerTo(received: string): string {
  const body = Buffer.from(received, "latin1").toString("base64");
  return `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}
