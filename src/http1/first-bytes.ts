import type { Socket } from "node:net";

/** The end of a look: `taken` bytes are consumed, the rest goes back to the socket, then `then` runs. */
export interface Seen {
  readonly taken: number;
  readonly go: () => void;
}

const NOTHING = Buffer.alloc(0);

/**
 * Shows `look` a connection's first bytes until it has seen enough. The connection ends after `ms`, or if the
 * client leaves.
 */
export function readFirst(socket: Socket, ms: number, look: (bytes: Buffer) => Seen | undefined): void {
  let bytes: Buffer = NOTHING;
  const timer = setTimeout(() => socket.destroy(), ms);
  const stop = () => clearTimeout(timer);
  const onReadable = () => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return void socket.end();
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    const seen = look(bytes);
    if (seen === undefined) return;
    stop();
    socket.off("readable", onReadable).off("close", stop);
    if (seen.taken < bytes.length) socket.unshift(bytes.subarray(seen.taken));
    seen.go();
  };
  socket.on("close", stop).on("readable", onReadable);
}
