import type { WebSocket } from "ws";

export interface Heartbeat {
  readonly heard: () => void;
  readonly stop: () => void;
}

/**
 * Pings when nothing has come for `everyMs`, and calls `dead` when nothing comes for as long again. A connection whose
 * other side has vanished (a laptop that slept, a network that changed) otherwise stays open for many minutes.
 *
 * Counts turns, not time, so that a computer that wakes up asks before it judges. `isExcused`: the silence has another
 * reason.
 */
export function watchHeartbeat(
  socket: WebSocket,
  everyMs: number,
  isExcused: () => boolean,
  dead: () => void,
): Heartbeat {
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
