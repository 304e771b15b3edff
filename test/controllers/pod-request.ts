import type { Socket } from "node:net";

/** A request as a pod received it, byte for byte. */
export interface PodRequest {
  readonly method: string;
  readonly target: string;
  /** In order. */
  readonly headers: readonly (readonly [string, string])[];
  /** The last value by lower-case name. */
  readonly low: ReadonlyMap<string, string>;
  readonly bodyBytes: number;
}

/**
 * Reads HTTP/1.1 without validation and calls `take` for each complete request. `toOthers`: the answer to what is no
 * HTTP; "nothing": it waits for more.
 */
export function framedRequests(socket: Socket, take: (request: PodRequest) => void, toOthers = ""): void {
  let text = "";
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
    // These pods speak neither TLS nor FastCGI.
    if (!/^[A-Z]/i.test(text)) return toOthers === "nothing" ? undefined : void socket.end(toOthers);
    for (;;) {
      const cut = text.indexOf("\r\n\r\n");
      if (cut < 0) return;
      const head = headOf(text.slice(0, cut));
      const body = bodyOf(text.slice(cut + 4), head.low);
      if (body === undefined) return;
      text = text.slice(cut + 4 + body.length);
      take({ ...head, bodyBytes: body.bytes });
    }
  });
}

function headOf(text: string): Omit<PodRequest, "bodyBytes"> {
  const [first = "", ...lines] = text.split("\r\n");
  const [method = "", target = ""] = first.split(" ");
  const headers = lines.map((line): readonly [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return {
    method,
    target,
    headers,
    low: new Map(headers.map(([name, value]) => [name.toLowerCase(), value])),
  };
}

/** The body's length on the wire and without framing; `undefined` while incomplete. */
function bodyOf(text: string, low: PodRequest["low"]): { length: number; bytes: number } | undefined {
  if (!(low.get("transfer-encoding") ?? "").includes("chunked")) {
    const bytes = Number(low.get("content-length") ?? 0);
    return text.length < bytes ? undefined : { length: bytes, bytes };
  }
  let at = 0;
  let bytes = 0;
  for (;;) {
    const end = text.indexOf("\r\n", at);
    if (end < 0) return undefined;
    const size = Number.parseInt(text.slice(at, end), 16);
    at = end + 2 + size + 2;
    if (text.length < at) return undefined;
    bytes += size;
    if (size === 0) return { length: at, bytes };
  }
}
