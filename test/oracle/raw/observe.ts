import { connect } from "node:net";

/** The compared parts of a connection: answers in order, and its end. */
export interface Observed {
  readonly answers: readonly string[];
  readonly ended: "closed" | "open";
}

/** A request after the bytes of a case: if the connection is still open, it gets an answer and ends. */
const PROBE = "GET /probe HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n";

/** A side that is silent this long waits for more. unit: ms */
const QUIET_MS = 1_500;
/** The same for what is asked again: a busy machine may hold up an answer for seconds. unit: ms */
export const PATIENT_MS = 15_000;

/** Sends bytes and the probe, and returns everything received until the side is quiet. unit of `quiet`: ms */
export async function observe(
  port: number,
  bytes: string,
  pieces: "at once" | "byte by byte",
  quiet = QUIET_MS,
): Promise<Observed> {
  const { text, ended } = await exchange(port, Buffer.from(bytes + PROBE, "latin1"), pieces, quiet);
  const answers = answersIn(text);
  // After an answer before the body's end nginx reads on for seconds before closing. Nobody waits for that.
  return { answers, ended: answers.at(-1)?.includes(" | close | ") === true ? "closed" : ended };
}

function exchange(
  port: number,
  bytes: Buffer,
  pieces: "at once" | "byte by byte",
  quiet: number,
): Promise<{ readonly text: string; readonly ended: Observed["ended"] }> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let text = "";
    const settle = (ended: Observed["ended"]) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, ended });
    };
    const timer = setTimeout(() => settle("open"), quiet);
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      timer.refresh();
    });
    socket.on("end", () => settle("closed"));
    socket.on("error", () => settle("closed"));
    if (pieces === "at once") socket.write(bytes);
    else sendSlowly(bytes, 0);
    function sendSlowly(rest: Buffer, at: number): void {
      if (at < rest.length && socket.writable)
        socket.write(rest.subarray(at, at + 1), () => sendSlowly(rest, at + 1));
    }
  });
}

/** The answers of a connection, one line each. */
function answersIn(text: string): readonly string[] {
  const answers: string[] = [];
  for (let rest = text; rest !== ""; ) {
    const head = /^HTTP\/1\.1 (\d{3}) ([^\r]*)\r\n((?:[^\r\n]+\r\n)*)\r\n/.exec(rest);
    // An HTTP/0.9 answer is only a body.
    if (head === null) return [...answers, bodyOf(rest)];
    const [all, status, phrase, lines = ""] = head;
    const behind = rest.slice(all.length);
    const length = Number(/^Content-Length: (\d+)\r$/im.exec(lines)?.[1] ?? 0);
    const isChunked = /^Transfer-Encoding: chunked\r$/im.test(lines);
    const size = isChunked ? behind.indexOf("0\r\n\r\n") + 5 : Math.min(length, behind.length);
    const connection = /^Connection: ([^\r]*)\r$/im.exec(lines)?.[1] ?? "none";
    // An answer to HEAD has a length but no body.
    const body = behind.startsWith("HTTP/1.1 ") ? "" : behind.slice(0, size);
    answers.push(`${status} ${phrase} | ${connection} | ${bodyOf(body)}`);
    rest = behind.slice(body.length);
  }
  return answers;
}

/** Headers that the proxy sets; in the cluster they use variables that the test's nginx lacks. */
const OWN = /^(?:x-request-id|x-real-ip|x-forwarded-[a-z]+|x-scheme|x-original-forwarded-[a-z]+)$/i;

/** From a backend's answer, what it received; a page unchanged. */
function bodyOf(body: string): string {
  if (!/^[\w+/=]{20,}$/.test(body)) return body;
  const received = Buffer.from(body, "base64").toString("latin1");
  const end = received.indexOf("\r\n\r\n");
  const [line, ...headers] = received.slice(0, end).split("\r\n");
  const kept = headers.filter((header) => !OWN.test(header.split(":")[0] ?? ""));
  return JSON.stringify([line, kept.sort(), received.slice(end + 4)]);
}
