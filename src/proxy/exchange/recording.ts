import type { ClientRequest, ServerResponse } from "node:http";
import { ClientResponse } from "../../http1/client-response.ts";
import type { Exchange, OutgoingStream } from "./exchange.ts";

/** The beginning of a body. */
class Excerpt {
  readonly #most: number;
  #pieces: Buffer[] = [];
  #kept = 0;
  /** Of the whole body. unit: bytes */
  size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Copies: the memory of a piece is used again. */
  take(bytes: Buffer): void {
    this.size += bytes.length;
    const left = this.#most - this.#kept;
    if (left <= 0) return;
    const piece = Buffer.from(bytes.subarray(0, left));
    this.#pieces.push(piece);
    this.#kept += piece.length;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }
}

/** What passes between a client and the proxy for one request. Made only while requests are recorded. */
export class Recording {
  /** Names and values alternating. */
  readonly requestHeaders: readonly string[];
  /** Of the request, by the clock. unit: ms */
  readonly startedAt: number;
  readonly requestBody: Excerpt;
  #responseBody: Excerpt;
  readonly #most: number;
  readonly #clock: () => number;
  #line = "";
  #headers: readonly string[] = [];
  #headAt: number | undefined;
  #hasPage = false;
  #isOver = false;
  #whenOver: (() => void) | undefined;

  constructor({ request, startedAt }: Exchange, most: number, clock: () => number) {
    this.requestHeaders = request.rawHeaders;
    this.startedAt = startedAt;
    this.#most = most;
    this.#clock = clock;
    this.requestBody = new Excerpt(most);
    this.#responseBody = new Excerpt(most);
  }

  /** The status line behind the version: `200 OK`. `""` before the answer. */
  get line(): string {
    return this.#line;
  }

  /** Of the answer, names and values alternating. */
  get headers(): readonly string[] {
    return this.#headers;
  }

  get responseBody(): Excerpt {
    return this.#responseBody;
  }

  /** By the clock; `undefined` before the answer. unit: ms */
  get headAt(): number | undefined {
    return this.#headAt;
  }

  head(line: string, headers: readonly string[]): void {
    this.#line = line;
    this.#headers = headers;
    this.#headAt = this.#clock();
  }

  /** A head as HTTP/1 has it. */
  text(head: string): void {
    const [line = "", ...lines] = head.trimEnd().split("\r\n");
    const headers: string[] = [];
    for (const each of lines) {
      const at = each.indexOf(":");
      headers.push(each.slice(0, at), each.slice(at + 1).trim());
    }
    this.head(line.replace(/^HTTP\/\S+ /, ""), headers);
  }

  /** A page of ours, whose head no `pass` shows. */
  page(status: string, response: ServerResponse, body: Buffer): void {
    const lines: string[] = [];
    // Node's types have it for requests alone.
    const names = (response as unknown as Pick<ClientRequest, "getRawHeaderNames">).getRawHeaderNames();
    for (const name of names)
      for (const value of [response.getHeader(name)].flat()) lines.push(name, String(value));
    this.head(status, lines);
    this.#hasPage = true;
    this.#responseBody = new Excerpt(this.#most);
    this.#responseBody.take(body);
  }

  body(bytes: Buffer): void {
    if (!this.#hasPage) this.#responseBody.take(bytes);
  }

  over(): void {
    this.#isOver = true;
    this.#whenOver?.();
  }

  /** Calls back once nothing more passes: at once, or later. */
  whenOver(act: () => void): void {
    if (this.#isOver) act();
    else this.#whenOver = act;
  }
}

/**
 * Records an exchange from its head on. Methods of its own request and answer are replaced, so that exchanges that are not
 * recorded pay nothing. @param most bytes that are kept of each body @param clock monotonic ms
 */
export function recordExchange(exchange: Exchange, most: number, clock: () => number): void {
  const recording = new Recording(exchange, most, clock);
  const { request, response } = exchange;
  exchange.recordedBy(recording);
  exchange.whenOver(() => {
    // A body that the answer did not need still waits in its stream.
    if (request.hasBody && request.message.readableLength > 0) request.message.read();
    recording.over();
  });
  if (request.hasBody) request.message.seenBy((bytes) => recording.requestBody.take(bytes));
  if (response instanceof ClientResponse) {
    const pass = response.pass.bind(response);
    response.pass = (head, framing) => {
      recording.text(head);
      pass(head, framing);
    };
  }
  const target: OutgoingStream = response;
  const [write, end] = [target.write.bind(target), target.end.bind(target)];
  Object.assign(response, {
    write(bytes: Buffer) {
      recording.body(bytes);
      return write(bytes);
    },
    end(bytes?: Buffer) {
      if (bytes === undefined) return end();
      recording.body(bytes);
      return end(bytes);
    },
  });
}
