import type { Readable } from "node:stream";
import type { AnswerDirectly, DirectAnswer, DirectListener, DirectRequest } from "../../../model/direct.ts";
import { ConnectFailure } from "../../connect/connect.ts";
import { ReadTimeout } from "../../connect/upstream-fault.ts";
import type { Carrier, Sink } from "../carrier.ts";
import type { OrdinaryRequest } from "./direct/head.ts";

/**
 * HTTP/1.1 to an upstream in this process that answers by a function. What would be written to a connection is handed
 * over, and nothing is parsed.
 */
export class DirectCarrier implements Carrier, DirectListener {
  readonly spokenBy = "proxy";
  readonly #answer: AnswerDirectly;
  readonly #request: OrdinaryRequest;
  readonly #sink: Sink;
  #asked: DirectRequest | undefined;
  #timer: NodeJS.Timeout | undefined;
  #state: "waiting" | "answered" | "over" = "waiting";
  #paused = false;

  constructor(answer: AnswerDirectly, request: OrdinaryRequest, sink: Sink) {
    this.#answer = answer;
    this.#request = request;
    this.#sink = sink;
  }

  start(): void {
    const { body } = this.#request;
    if (body === null) this.#end();
    else if (Buffer.isBuffer(body)) {
      this.#ask("chunked")?.body(body);
      this.#end();
    } else this.#read(body);
  }

  stop(reason: Error): void {
    const { body } = this.#request;
    this.#over();
    this.#asked?.stop();
    if (body !== null && !Buffer.isBuffer(body)) body.destroy(reason);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    if (this.#state === "answered") this.#finish();
  }

  answered({ status, text, headers, body }: DirectAnswer): void {
    if (this.#state !== "waiting") return;
    clearTimeout(this.#timer);
    this.#state = "answered";
    this.#sink.head({ status, text, raw: headers, bytes: headBytes(headers, text) });
    if (body.length > 0 && !this.#isOver) this.#sink.data(body);
    if (!this.#paused) this.#finish();
  }

  failed(error: Error): void {
    if (this.#isOver) return;
    this.stop(error);
    this.#sink.fail(error);
  }

  get #isOver(): boolean {
    return this.#state === "over";
  }

  #read(body: Readable): void {
    body.on("error", (error) => this.failed(error));
    body.on("data", (chunk: Buffer) => this.#ask("chunked")?.body(chunk));
    body.on("end", () => this.#end());
  }

  /** The first piece of the body brings the head, as on a connection: it shows how a body without length is framed. */
  #ask(framing: "chunked" | "empty"): DirectRequest | undefined {
    if (this.#asked !== undefined || this.#isOver) return this.#asked;
    const { head, body, length } = this.#request;
    const line = framing === "empty" ? ["Content-Length", "0"] : ["Transfer-Encoding", "chunked"];
    const isSaid = body === null || length !== "";
    try {
      this.#asked = this.#answer(isSaid ? head : { ...head, headers: [...head.headers, ...line] }, this);
    } catch (error) {
      this.failed(new ConnectFailure(error));
    }
    return this.#asked;
  }

  #end(): void {
    this.#ask("empty")?.end();
    if (this.#state !== "waiting") return;
    const { readTimeoutMs } = this.#request;
    this.#timer = setTimeout(
      () => this.failed(new ReadTimeout(`nothing came for ${readTimeoutMs} ms`)),
      readTimeoutMs,
    );
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#over();
    this.#sink.end();
  }

  #over(): void {
    this.#state = "over";
    clearTimeout(this.#timer);
  }
}

/** `HTTP/1.1 200 ` with the line ends of the status line and of the head. */
const STATUS_LINE_BYTES = "HTTP/1.1 200 \r\n\r\n".length;

/** Of the head on a connection. */
function headBytes(headers: readonly string[], text: string): number {
  let bytes = STATUS_LINE_BYTES + text.length;
  for (const part of headers) bytes += part.length + 2;
  return bytes;
}
