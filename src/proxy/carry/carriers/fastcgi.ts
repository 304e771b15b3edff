import type { Duplex } from "node:stream";
import type { BodySource } from "../../connect/body-source.ts";
import type { Pools } from "../../connect/pool.ts";
import { InvalidHeader, ReadTimeout } from "../../connect/upstream-fault.ts";
import { BodyTooLarge } from "../../exchange/failure.ts";
import { MOST_MEASURED_BYTES } from "../backend-request.ts";
import type { Carrier, Sink, TryTarget } from "../carrier.ts";
import { readHead } from "./fastcgi/head.ts";
import { beginRequest, type FastCgiMessage, recordReader, stdin } from "./fastcgi/records.ts";

export interface FastCgiRequest {
  readonly method: string;
  readonly params: ReadonlyMap<string, string>;
  readonly body: BodySource | undefined;
  /** `""`: unknown */
  readonly length: string;
}

/** Limit of an application's error output in the report. unit: chars */
const COMPLAINT_CHARS = 400;
/** nginx keeps the heads of records in the buffer of the response head. */
const RECORD_HEAD_BYTES = 8;
const NOTHING = Buffer.alloc(0);

/** FastCGI on a connection of its own: nginx's `fastcgi_pass`. */
export class FastCgiCarrier implements Carrier {
  readonly spokenBy = "fastcgi";
  readonly #pools: Pools;
  readonly #target: TryTarget;
  readonly #request: FastCgiRequest;
  readonly #sink: Sink;
  #stream: Duplex | undefined;
  #timer: NodeJS.Timeout | undefined;
  #head: Buffer | undefined = NOTHING;
  /** Rest by `Content-Length`; -1: unknown. */
  #left = -1;
  /** Of the records that the head came in. */
  #recordBytes = 0;
  #complaint = "";
  #over = false;

  constructor(pools: Pools, target: TryTarget, request: FastCgiRequest, sink: Sink) {
    this.#pools = pools;
    this.#target = target;
    this.#request = request;
    this.#sink = sink;
  }

  start(): void {
    const { upstream, connectTimeoutMs } = this.#target;
    const { body, length } = this.#request;
    if (body !== undefined && length === "") {
      // An application needs the body's length first; a body this long is not kept.
      this.#fail(new BodyTooLarge(`a body without a length is larger than ${MOST_MEASURED_BYTES} bytes`));
      return;
    }
    this.#pools.connect(upstream, connectTimeoutMs, (error, stream) => {
      if (this.#over) stream?.destroy();
      else if (stream === null) this.#fail(error ?? new Error("there is no connection"));
      else this.#send(stream);
    });
  }

  stop(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#request.body?.stop();
    this.#stream?.destroy();
  }

  pause(): void {
    clearTimeout(this.#timer);
    this.#stream?.pause();
  }

  resume(): void {
    this.#wait();
    this.#stream?.resume();
  }

  #send(stream: Duplex): void {
    const { params, body } = this.#request;
    this.#stream = stream;
    this.#wait();
    const read = recordReader();
    stream.on("data", (bytes: Buffer) => {
      this.#wait();
      for (const message of read(bytes)) this.#take(message);
    });
    stream.on("error", (cause) => this.#fail(cause));
    // An answer of its announced length is complete, whatever else is missing.
    stream.on("close", () => (this.#left === 0 ? this.#end() : this.#fail(this.#closed())));
    stream.write(beginRequest(params));
    if (body === undefined) stream.write(stdin(NOTHING));
    else this.#sendBody(body, stream);
  }

  #sendBody(body: BodySource, stream: Duplex): void {
    stream.on("drain", () => body.resume());
    body.start({
      data(bytes) {
        if (!stream.write(stdin(bytes))) body.pause();
        return "held";
      },
      end: () => void stream.write(stdin(NOTHING)),
      failed: (error) => this.#fail(error),
    });
  }

  /** Restarts the timeout between two reads. */
  #wait(): void {
    if (this.#over) return;
    const { readTimeoutMs } = this.#target;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fail(ReadTimeout.after(readTimeoutMs)), readTimeoutMs);
  }

  #closed(): Error {
    const said = this.#complaint === "" ? "" : `; it said: ${this.#complaint}`;
    return new Error(`the application closed the connection before its answer was complete${said}`);
  }

  #take(message: FastCgiMessage): void {
    if (this.#over) return;
    if (message.kind === "malformed") this.#fail(new InvalidHeader("the upstream does not speak FastCGI"));
    else if (message.kind === "end") this.#end();
    else if (message.kind === "stderr")
      this.#complaint = (this.#complaint + message.content.toString("latin1")).slice(0, COMPLAINT_CHARS);
    else if (this.#head === undefined) this.#pass(message.content);
    else this.#begin(Buffer.concat([this.#head, message.content]));
  }

  #begin(bytes: Buffer): void {
    this.#head = bytes;
    this.#recordBytes += RECORD_HEAD_BYTES;
    let head: ReturnType<typeof readHead>;
    try {
      head = readHead(bytes);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    if (head === undefined) return;
    const { status, raw, rest, length } = head;
    this.#head = undefined;
    const bodyless = this.#request.method === "HEAD" || status === 204 || status === 304;
    this.#left = bodyless ? 0 : length;
    this.#sink.head({ status, raw, bytes: bytes.length - rest.length + this.#recordBytes });
    this.#pass(rest);
  }

  /** Drops bytes beyond the announced length. */
  #pass(content: Buffer): void {
    const chunk = this.#left < 0 ? content : content.subarray(0, this.#left);
    if (this.#left > 0) this.#left -= chunk.length;
    if (!this.#over && chunk.length > 0) this.#sink.data(chunk);
  }

  #end(): void {
    if (this.#over) return;
    if (this.#head !== undefined || this.#left > 0) {
      this.#fail(this.#closed());
      return;
    }
    this.stop();
    this.#sink.end();
  }

  #fail(error: Error): void {
    if (this.#over) return;
    this.stop();
    this.#sink.fail(error);
  }
}
