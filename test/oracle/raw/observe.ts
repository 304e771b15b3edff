import { connect } from "node:net";

/** What is compared of a connection: its answers in their order, and how it ended. */
export interface Observed {
  readonly answers: readonly string[];
  readonly ended: "closed" | "open";
}

/** A request behind the bytes of a case: where the connection goes on it is answered, and ends it. */
const PROBE = "GET /probe HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n";

/** A side that has said nothing for so long waits for more. In ms. */
const QUIET_MS = 1_500;

/** Sends bytes, the probe behind them, and gives all that comes back. */
export async function observe(
  port: number,
  bytes: string,
  pieces: "at once" | "byte by byte",
): Promise<Observed> {
  const { text, ended } = await exchange(port, Buffer.from(bytes + PROBE, "latin1"), pieces);
  const answers = answersIn(text);
  // An answer before the end of a body: nginx reads on for some seconds before it ends its side, which nobody waits for.
  return { answers, ended: answers.at(-1)?.includes(" | close | ") === true ? "closed" : ended };
}

function exchange(
  port: number,
  bytes: Buffer,
  pieces: "at once" | "byte by byte",
): Promise<{ readonly text: string; readonly ended: Observed["ended"] }> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let text = "";
    const settle = (ended: Observed["ended"]) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, ended });
    };
    const timer = setTimeout(() => settle("open"), QUIET_MS);
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

/** The answers of a connection, each as one line of what matters of it. */
function answersIn(text: string): readonly string[] {
  const answers: string[] = [];
  for (let rest = text; rest !== ""; ) {
    const head = /^HTTP\/1\.1 (\d{3}) ([^\r]*)\r\n((?:[^\r\n]+\r\n)*)\r\n/.exec(rest);
    // An answer of HTTP/0.9 is a body alone.
    if (head === null) return [...answers, bodyOf(rest)];
    const [all, status, phrase, lines = ""] = head;
    const behind = rest.slice(all.length);
    const length = Number(/^Content-Length: (\d+)\r$/im.exec(lines)?.[1] ?? 0);
    const isChunked = /^Transfer-Encoding: chunked\r$/im.test(lines);
    const size = isChunked ? behind.indexOf("0\r\n\r\n") + 5 : Math.min(length, behind.length);
    const connection = /^Connection: ([^\r]*)\r$/im.exec(lines)?.[1] ?? "none";
    // An answer to HEAD has a length and no body.
    const body = behind.startsWith("HTTP/1.1 ") ? "" : behind.slice(0, size);
    answers.push(`${status} ${phrase} | ${connection} | ${bodyOf(body)}`);
    rest = behind.slice(body.length);
  }
  return answers;
}

/** What the proxy sets itself, in the cluster from variables that the nginx of the test does not have. */
const OWN = /^(?:x-request-id|x-real-ip|x-forwarded-[a-z]+|x-scheme|x-original-forwarded-[a-z]+)$/i;

/** Of the backend's answer what it received; a page as it is. */
function bodyOf(body: string): string {
  if (!/^[\w+/=]{20,}$/.test(body)) return body;
  const received = Buffer.from(body, "base64").toString("latin1");
  const end = received.indexOf("\r\n\r\n");
  const [line, ...headers] = received.slice(0, end).split("\r\n");
  const kept = headers.filter((header) => !OWN.test(header.split(":")[0] ?? ""));
  return JSON.stringify([line, kept.sort(), received.slice(end + 4)]);
}
