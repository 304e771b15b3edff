import type { WebSocket } from "ws";

/** Watches whether the other side of a WebSocket is still there. */
export interface Pulse {
  /** Something came from it. */
  readonly heard: () => void;
  readonly stop: () => void;
}

/**
 * Pings when nothing has come for `everyMs`, and calls `dead` when nothing has come for as long again: a connection whose
 * other side has vanished (a laptop that slept, a network that changed) stays open for many minutes otherwise.
 *
 * It counts turns and not time, so that a computer that wakes up asks before it judges. While `isExcused` says so the
 * silence has another reason.
 */
export function watchPulse(
  socket: WebSocket,
  everyMs: number,
  isExcused: () => boolean,
  dead: () => void,
): Pulse {
  let silentTurns = 0;
  const heard = () => {
    silentTurns = 0;
  };
  const timer = setInterval(() => {
    if (isExcused()) return heard();
    silentTurns += 1;
    // The first turn may have begun just after something came.
    if (silentTurns === 2) socket.ping();
    if (silentTurns > 2) dead();
  }, everyMs);
  socket.on("ping", heard).on("pong", heard);
  return {
    heard,
    stop: () => {
      clearInterval(timer);
      socket.off("ping", heard).off("pong", heard);
    },
  };
}
