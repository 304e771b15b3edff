import type {
  AnswerDirectly,
  DirectAnswer,
  DirectHead,
  DirectListener,
  DirectRequest,
} from "../../../model/upstream/direct.ts";
import type { BodySource } from "../../connect/body-source.ts";
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
  #over = false;

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

  stop(): void {
    const { body } = this.#request;
    this.#finish();
    this.#asked?.stop();
    if (body !== null && !Buffer.isBuffer(body)) body.stop();
  }

  /** The whole answer is there at once, for the client's connection to hold. */
  pause(): void {}

  resume(): void {}

  answered({ status, text, headers, body }: DirectAnswer): void {
    if (this.#over) return;
    this.#sink.head({ status, line: `${status} ${text}`, raw: headers, bytes: headBytes(headers, text) });
    if (body.length > 0 && !this.#over) this.#sink.data(body);
    if (this.#over) return;
    this.#finish();
    this.#sink.end();
  }

  failed(error: Error): void {
    if (this.#over) return;
    this.stop();
    this.#sink.fail(error);
  }

  #read(body: BodySource): void {
    body.start({
      data: (bytes) => {
        this.#ask("chunked")?.body(bytes);
        return "held";
      },
      end: () => this.#end(),
      failed: (error) => this.failed(error),
    });
  }

  /** The first piece of the body brings the head, as on a connection: it shows how a body without length is framed. */
  #ask(framing: "chunked" | "empty"): DirectRequest | undefined {
    if (this.#asked !== undefined || this.#over) return this.#asked;
    const { head, body, length } = this.#request;
    const whole = body === null || length !== "" ? head : framed(head, framing);
    try {
      this.#asked = this.#answer(whole, this);
    } catch (error) {
      this.failed(new ConnectFailure(error));
    }
    return this.#asked;
  }

  #end(): void {
    this.#ask("empty")?.end();
    if (this.#over) return;
    const { readTimeoutMs } = this.#request;
    this.#timer = setTimeout(() => this.failed(ReadTimeout.after(readTimeoutMs)), readTimeoutMs);
  }

  #finish(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }
}

function framed(head: DirectHead, framing: "chunked" | "empty"): DirectHead {
  const line = framing === "empty" ? ["Content-Length", "0"] : ["Transfer-Encoding", "chunked"];
  return { ...head, headers: [...head.headers, ...line] };
}

/** `HTTP/1.1 200 ` with the line ends of the status line and of the head. */
const STATUS_LINE_BYTES = "HTTP/1.1 200 \r\n\r\n".length;

/** Of the head on a connection. */
function headBytes(headers: readonly string[], text: string): number {
  let bytes = STATUS_LINE_BYTES + text.length;
  for (const part of headers) bytes += part.length + 2;
  return bytes;
}
