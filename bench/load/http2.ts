import { connect, constants } from "node:http2";
import type { Load } from "./load.ts";
import { HEADERS, SMALL_PATH, type Turn } from "./turn.ts";

const STREAMS = 8;

/** One HTTP/2 connection with several requests at a time. */
export async function askHttp2({ port, hosts }: Load, turn: Turn): Promise<void> {
  const [host = ""] = hosts;
  const session = connect(`https://${host}:${port}`, {
    host: "127.0.0.1",
    lookup: (_, options, found) =>
      options.all === true ? found(null, [{ address: "127.0.0.1", family: 4 }]) : found(null, "127.0.0.1", 4),
    servername: host,
    rejectUnauthorized: false,
  });
  const headers = { ":path": SMALL_PATH, ":authority": host, ...HEADERS };
  const ask = (): Promise<void> =>
    new Promise((done, fail) => {
      const started = performance.now();
      const stream = session.request(headers);
      stream.once("response", (head) => {
        const status = Number(head[constants.HTTP2_HEADER_STATUS]);
        if (status !== 200) fail(new Error(`status ${status}`));
      });
      stream.once("error", fail);
      stream.resume().once("end", () => {
        turn.took(performance.now() - started);
        done();
      });
    });
  const streams = Array.from({ length: STREAMS }, async () => {
    while (turn.take()) await ask();
  });
  try {
    await Promise.all(streams);
  } finally {
    session.destroy();
  }
}
