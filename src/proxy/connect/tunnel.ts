import type { Duplex } from "node:stream";
import { Deadline } from "../../http1/deadline.ts";
import { isWritten, readInto } from "../../http1/reads.ts";

/** Both ends of a tunnel, and what each sent before it opened. */
export interface TunnelEnds {
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly stream: Duplex;
}

/**
 * Passes bytes both ways with back-pressure, until both sides ended, one broke, or neither sent anything for
 * `idleMs` (`proxy_read_timeout`). After its end a side has `lingerMs` to take the rest. `ended` is called
 * once with the bytes sent to the client.
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
    idle.stop();
    for (const end of [socket, stream]) {
      if (error === undefined) closeSoon(end, lingerMs);
      else end.destroy();
    }
    ended(bytes, error);
  };
  const idle = new Deadline(() => finish(`nothing was sent for ${idleMs} ms`));
  idle.set(idleMs);
  stream.on("error", (error) => finish(error.message));
  socket.on("error", (error) => finish(error.message));
  // A closed side cannot be written to, so the other has nothing left to wait for.
  stream.on("close", () => finish(stream.readableEnded ? undefined : "the upstream broke off"));
  socket.on("close", () => finish(socket.readableEnded ? undefined : "the client broke off"));
  if (first.length > 0) socket.write(first);
  if (head.length > 0) stream.write(head);
  pass(socket, stream, () => {
    if (!over) idle.set(idleMs);
  });
  pass(stream, socket, (size) => {
    bytes += size;
    if (!over) idle.set(idleMs);
  });
}

function pass(from: Duplex, to: Duplex, passed: (size: number) => void): void {
  const resume = () => void from.resume();
  readInto(from, (bytes) => {
    passed(bytes.length);
    const isFree = to.write(bytes);
    if (isWritten(to)) return "free";
    if (!isFree) {
      from.pause();
      to.once("drain", resume);
    }
    return "held";
  });
  // A side may have ended before the other was there.
  if (from.readableEnded) to.end();
  else from.on("end", () => to.end());
  from.resume();
}

function closeSoon(end: Duplex, lingerMs: number): void {
  end.end();
  const timer = setTimeout(() => end.destroy(), lingerMs);
  end.once("close", () => clearTimeout(timer));
}
