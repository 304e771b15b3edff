import { type AddressInfo, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A request as the FastCGI application receives it. */
export interface FastCgiCall {
  readonly params: Readonly<Record<string, string>>;
  readonly body: string;
  readonly socket: Socket;
  send(text: string, type?: "stdout" | "stderr"): void;
  /** Ends request and connection. */
  end(): void;
}

const STDOUT = 6;
const STDERR = 7;
const END = 3;

/** A FastCGI application written from the specification, independently of the tested client. */
export async function fastCgiApp(answer: (call: FastCgiCall) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    let rest = Buffer.alloc(0);
    let params = Buffer.alloc(0);
    const body: Buffer[] = [];
    socket.on("data", (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        if (rest.length < 8) return;
        const length = rest.readUInt16BE(4);
        const whole = 8 + length + rest.readUInt8(6);
        if (rest.length < whole) return;
        const type = rest.readUInt8(1);
        const content = Buffer.from(rest.subarray(8, 8 + length));
        rest = rest.subarray(whole);
        if (type === 4) params = Buffer.concat([params, content]);
        else if (type === 5 && length > 0) body.push(content);
        else if (type === 5) answer(callOf(socket, params, Buffer.concat(body)));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function callOf(socket: Socket, params: Buffer, body: Buffer): FastCgiCall {
  return {
    params: readPairs(params),
    body: body.toString("latin1"),
    socket,
    send(text, type = "stdout") {
      const bytes = Buffer.from(text, "latin1");
      for (let at = 0; at < bytes.length; at += 65_000)
        socket.write(record(type === "stdout" ? STDOUT : STDERR, bytes.subarray(at, at + 65_000)));
    },
    end() {
      socket.end(Buffer.concat([record(STDOUT, Buffer.alloc(0)), record(END, Buffer.alloc(8))]));
    },
  };
}

/** With three bytes of padding, which readers must skip. */
function record(type: number, content: Buffer): Buffer {
  const head = Buffer.from([1, type, 0, 1, content.length >> 8, content.length & 255, 3, 0]);
  return Buffer.concat([head, content, Buffer.alloc(3, 255)]);
}

function readPairs(bytes: Buffer): Record<string, string> {
  const pairs: Record<string, string> = {};
  let at = 0;
  const length = () => {
    const short = bytes.readUInt8(at);
    at += short < 128 ? 1 : 4;
    return short < 128 ? short : bytes.readUInt32BE(at - 4) - 0x8000_0000;
  };
  while (at < bytes.length) {
    const name = length();
    const value = length();
    pairs[bytes.toString("latin1", at, at + name)] = bytes.toString("latin1", at + name, at + name + value);
    at += name + value;
  }
  return pairs;
}
