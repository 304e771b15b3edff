import type { Socket } from "node:net";

const END_OF_HEAD = "\r\n\r\n";

/** Removes the head of the last answer on a socket: HTTP/0.9 has only bodies (ngx_http_header_filter). */
export function headless(socket: Socket): void {
  const write = socket.write.bind(socket);
  let head = "";
  let over = false;
  const replacement = (data: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
    const written = typeof encoding === "function" ? encoding : done;
    const callback = (error?: Error | null) => void (typeof written === "function" && written(error));
    if (over) return write(bytesOf(data, encoding), callback);
    head += bytesOf(data, encoding).toString("latin1");
    const end = head.indexOf(END_OF_HEAD);
    if (end < 0) {
      process.nextTick(callback);
      return true;
    }
    over = true;
    return write(Buffer.from(head.slice(end + END_OF_HEAD.length), "latin1"), callback);
  };
  Object.assign(socket, { write: replacement });
}

function bytesOf(data: string | Uint8Array, encoding: unknown): Buffer {
  if (typeof data !== "string") return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.from(data, typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8");
}
