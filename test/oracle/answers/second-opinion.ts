import { request } from "node:http";
import { Duplex } from "node:stream";
import type { Answer } from "./answer.ts";

/** What Node's parser (llhttp) makes of an answer: a body, complete or not, or its own word for a fault. */
export interface Opinion {
  /** 0: none was read. */
  readonly status: number;
  readonly body: string;
  /** `HPE_…`: refused. `cut off`: ended too early. `waits`: for more. */
  readonly verdict: "complete" | "cut off" | "waits" | `HPE_${string}`;
}

/** Asks llhttp. It reads everything at once, in this process. */
export function opinionOf({ method, bytes, end }: Answer): Promise<Opinion> {
  return new Promise((resolve) => {
    const connection = new Duplex({
      read: () => undefined,
      write: (_chunk, _encoding, written) => written(),
    });
    let status = 0;
    let body = "";
    const settle = (verdict: Opinion["verdict"]) => {
      resolve({ status, body, verdict });
      connection.destroy();
    };
    const sent = request({ method, path: "/x", createConnection: () => connection }, (response) => {
      status = response.statusCode ?? 0;
      response.setEncoding("latin1").on("data", (text: string) => {
        body += text;
      });
      response.on("end", () => settle("complete")).on("error", (error) => settle(verdictOf(error)));
    });
    sent.on("error", (error) => settle(verdictOf(error)));
    sent.on("upgrade", (response) => {
      status = response.statusCode ?? 0;
      settle("complete");
    });
    sent.end(method === "POST" ? "uuu" : undefined);
    setImmediate(() => {
      if (bytes !== "") connection.push(Buffer.from(bytes, "latin1"));
      if (end === "closed") connection.push(null);
      else if (end === "reset")
        connection.destroy(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
      setImmediate(() => setImmediate(() => setImmediate(() => settle("waits"))));
    });
  });
}

function verdictOf(error: Error): Opinion["verdict"] {
  const code = "code" in error ? String(error.code) : "";
  return code.startsWith("HPE_") ? (code as `HPE_${string}`) : "cut off";
}
