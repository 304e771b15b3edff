import { WebSocket } from "ws";
import type { Load } from "./load.ts";
import type { Turn } from "./turn.ts";

/** One WebSocket, a message of 64 bytes at a time. */
export function askWebSocket({ port, hosts }: Load, turn: Turn): Promise<void> {
  const [host = ""] = hosts;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/path1/live`, {
    headers: { Host: host },
    perMessageDeflate: false,
  });
  const message = "x".repeat(64);
  return new Promise((done, fail) => {
    let started = 0;
    const ask = () => {
      if (!turn.take()) {
        socket.terminate();
        done();
        return;
      }
      started = performance.now();
      socket.send(message);
    };
    socket.once("open", ask);
    socket.on("message", () => {
      turn.took(performance.now() - started);
      ask();
    });
    socket.once("error", fail);
    socket.once("close", () => fail(new Error("the WebSocket was closed")));
  });
}
