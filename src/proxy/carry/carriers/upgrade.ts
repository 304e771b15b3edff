import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { asError, contain } from "../../../contain.ts";
import type { Http1Request } from "../../connect/http1-client.ts";
import { headText, withOwnHead } from "../../connect/own-head.ts";
import type { Pools } from "../../connect/pool.ts";
import { ReadTimeout } from "../../exchange/failure.ts";
import type { BackendHead, Carrier, Sink, TryTarget } from "../carrier.ts";

/** HTTP/1.1 on its own connection, for a request for another protocol: a 101 turns it into a tunnel. */
export class UpgradeCarrier implements Carrier {
  readonly spokenBy = "proxy";
  readonly #pools: Pools;
  readonly #target: TryTarget;
  readonly #request: Http1Request;
  readonly #sink: Sink;
  #asked: ClientRequest | undefined;
  #answer: IncomingMessage | undefined;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(pools: Pools, target: TryTarget, request: Http1Request, sink: Sink) {
    this.#pools = pools;
    this.#target = target;
    this.#request = request;
    this.#sink = sink;
  }

  start(): void {
    const { upstream, connectTimeoutMs } = this.#target;
    this.#pools.connect(upstream, connectTimeoutMs, (error, stream) => {
      if (this.#over) stream?.destroy();
      else if (stream === null) this.#fail(error ?? new Error("there is no connection"));
      else this.#ask(stream);
    });
  }

  stop(reason: Error): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#asked?.destroy(reason);
  }

  pause(): void {
    clearTimeout(this.#timer);
    this.#answer?.pause();
  }

  resume(): void {
    this.#wait();
    this.#answer?.resume();
  }

  #ask(stream: Duplex): void {
    const { method, path, lines } = this.#request;
    stream.on("error", () => {});
    let text: string;
    try {
      text = headText({ method, path, version: "1.1" }, lines);
    } catch (error) {
      stream.destroy();
      this.#fail(asError(error));
      return;
    }
    const asked = httpRequest({
      createConnection: () => withOwnHead(stream, { head: { text, framed: "said" } }),
      method,
      path,
      headers: ["Connection", "upgrade"],
      setHost: false,
      maxHeaderSize: 65_536,
    });
    this.#asked = asked;
    this.#wait();
    contain(asked, (fault) => this.#fail(asError(fault)));
    // Bytes after a complete answer belong to nobody.
    asked.on("error", (error) => this.#answer?.complete || this.#fail(error));
    asked.on("upgrade", (answer, _, first) => this.#switch(answer, stream, first));
    asked.on("response", (answer) => this.#pass(answer));
    asked.end();
  }

  #switch(answer: IncomingMessage, stream: Duplex, first: Buffer): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#sink.switched?.(headOf(answer), stream, first);
  }

  #pass(answer: IncomingMessage): void {
    if (this.#over) return;
    this.#answer = answer;
    contain(answer, (fault) => this.#fail(asError(fault)));
    this.#wait();
    this.#sink.head(headOf(answer));
    if (this.#over) return;
    answer.on("data", (chunk: Buffer) => {
      if (this.#over) return;
      this.#wait();
      this.#sink.data(chunk);
    });
    answer.on("end", () => this.#end());
    answer.on("error", (error) => this.#fail(error));
  }

  #wait(): void {
    if (this.#over) return;
    const { readTimeoutMs } = this.#request;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#fail(new ReadTimeout(`no answer within ${readTimeoutMs} ms`)),
      readTimeoutMs,
    );
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#sink.end();
  }

  #fail(error: Error): void {
    if (this.#over) return;
    this.stop(error);
    this.#sink.fail(error);
  }
}

function headOf({ statusCode = 502, statusMessage = "", rawHeaders }: IncomingMessage): BackendHead {
  let bytes = "HTTP/1.1 200 \r\n\r\n".length + statusMessage.length;
  for (const part of rawHeaders) bytes += part.length + 2;
  return { status: statusCode, text: statusMessage, raw: rawHeaders, bytes };
}
