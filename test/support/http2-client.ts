import { connect } from "node:http2";
import type { Ports } from "../../src/model/decision.ts";
import { PATIENCE_MS, type RawResponse, serverName } from "./raw-client.ts";
import { hostHeader, type RequestLine } from "./request-line.ts";

/** Sends one https request over HTTP/2 on its own connection. */
export function askHttp2(request: RequestLine, ports: Ports): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const session = connect(`https://127.0.0.1:${ports.https}`, {
      rejectUnauthorized: false,
      servername: serverName(request.host) ?? "",
    });
    const fail = (error: Error) => {
      session.destroy();
      reject(error);
    };
    session.setTimeout(PATIENCE_MS, () => fail(new Error(`no answer to ${request.text}`)));
    session.on("error", fail);
    const own = request.headers.filter(([name]) => name.toLowerCase() !== "host");
    const stream = session.request({
      ":method": request.method,
      ":path": request.target,
      ":authority": hostHeader(request, ports),
      ...Object.fromEntries(own),
    });
    const headers = new Map<string, string>();
    const chunks: Buffer[] = [];
    stream.on("response", (received) => {
      for (const [name, value] of Object.entries(received)) headers.set(name, [value].flat().join("; "));
    });
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("error", fail);
    stream.on("end", () => {
      session.destroy();
      resolve({
        status: Number(headers.get(":status")),
        headers,
        body: Buffer.concat(chunks).toString("latin1"),
      });
    });
    stream.end(request.bodySize === undefined ? undefined : Buffer.alloc(request.bodySize, "x"));
  });
}
