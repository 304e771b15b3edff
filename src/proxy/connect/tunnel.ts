import type { Duplex } from "node:stream";

/** The two ends of a tunnel, and what each side had sent before it was one. */
export interface TunnelEnds {
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly stream: Duplex;
}

/**
 * Passes bytes both ways as they are, each side no faster than the other takes them, until both have ended, one breaks
 * off, or nothing has come from either for `idleMs` (`proxy_read_timeout`). An end that has nothing more to say has
 * `lingerMs` to take what is left. `ended` is called once, with the number of
 * bytes that went to the client.
 */
export function tunnel(
  ends: TunnelEnds,
  first: Buffer,
  { idleMs, lingerMs }: { readonly idleMs: number; readonly lingerMs: number },
  ended: (bytes: number, error: string | undefined) => void,
): void {
  const { socket, stream, head } = ends;
  let bytes = first.length;
  let over = false;
  const finish = (error: string | undefined) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    for (const end of [socket, stream]) {
      if (error === undefined) closeSoon(end, lingerMs);
      else end.destroy();
    }
    ended(bytes, error);
  };
  const timer = setTimeout(() => finish(`nothing was sent for ${idleMs} ms`), idleMs);
  socket.on("data", () => timer.refresh());
  stream.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    timer.refresh();
  });
  stream.on("error", (error) => finish(error.message));
  socket.on("error", (error) => finish(error.message));
  // A side that has closed cannot be written to any more: the other has nothing left to wait for.
  stream.on("close", () => finish(stream.readableEnded ? undefined : "the upstream broke off"));
  socket.on("close", () => finish(socket.readableEnded ? undefined : "the client broke off"));
  if (first.length > 0) socket.write(first);
  if (head.length > 0) stream.write(head);
  socket.pipe(stream);
  stream.pipe(socket);
}

function closeSoon(end: Duplex, lingerMs: number): void {
  end.end();
  const timer = setTimeout(() => end.destroy(), lingerMs);
  end.once("close", () => clearTimeout(timer));
}
