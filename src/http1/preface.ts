import type { Socket } from "node:net";

/** What a client of HTTP/2 begins with (RFC 9113 section 3.4). */
const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const NOTHING = Buffer.alloc(0);

/**
 * Waits until the first bytes of a client say which HTTP it speaks, for at most `ms`; nothing has been taken from the socket
 * then. Source: ngx_http_wait_request_handler in ngx_http_request.c (1.27).
 */
export function readPreface(socket: Socket, ms: number, done: (spoken: "HTTP/1" | "HTTP/2") => void): void {
  let bytes: Buffer = NOTHING;
  const timer = setTimeout(() => socket.destroy(), ms);
  const stop = () => clearTimeout(timer);
  const look = () => {
    const chunk: Buffer | null = socket.read();
    // The client has left without a word.
    if (chunk === null) return void socket.end();
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    const size = Math.min(bytes.length, PREFACE.length);
    const begins = bytes.compare(PREFACE, 0, size, 0, size) === 0;
    if (begins && size < PREFACE.length) return;
    stop();
    socket.off("readable", look).off("close", stop);
    socket.unshift(bytes);
    done(begins ? "HTTP/2" : "HTTP/1");
  };
  socket.on("close", stop).on("readable", look);
}
