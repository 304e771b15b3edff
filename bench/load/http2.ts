import { type ClientHttp2Session, connect, constants } from "node:http2";
import type { Load } from "./load.ts";
import { HEADERS, SMALL_PATH, type Turn } from "./turn.ts";

const STREAMS = 8;

/** One HTTP/2 connection with several requests at a time, and the next one where a server wants no more on it. */
export async function askHttp2({ port, hosts }: Load, turn: Turn): Promise<void> {
  const [host = ""] = hosts;
  const open = (): ClientHttp2Session => {
    const opened = connect(`https://${host}:${port}`, {
      host: "127.0.0.1",
      lookup: (_, options, found) =>
        options.all === true
          ? found(null, [{ address: "127.0.0.1", family: 4 }])
          : found(null, "127.0.0.1", 4),
      servername: host,
      rejectUnauthorized: false,
    });
    opened.once("goaway", () => {
      if (opened === session) session = open();
    });
    return opened;
  };
  let session = open();
  const headers = { ":path": SMALL_PATH, ":authority": host, ...HEADERS };
  const ask = (): Promise<void> =>
    new Promise((done, fail) => {
      const started = performance.now();
      const stream = session.request(headers);
      stream.once("response", (head) => {
        const status = Number(head[constants.HTTP2_HEADER_STATUS]);
        if (status !== 200) fail(new Error(`status ${status}`));
      });
      stream.once("error", (error) => {
        // A request that meets a GOAWAY is asked again (RFC 9113 section 6.8).
        if (stream.rstCode === constants.NGHTTP2_REFUSED_STREAM) done(ask());
        else fail(error);
      });
      stream.resume().once("end", () => {
        if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) return;
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
