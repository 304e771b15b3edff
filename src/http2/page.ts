import { type IncomingMessage, ServerResponse } from "node:http";
import { answerBlock } from "./heads/answer-block.ts";

/** Where a page goes. */
export interface PageTaker {
  pass(block: string, body: "some" | "none"): void;
  end(bytes?: Buffer): unknown;
}

/** An answer of ours as Node's own type, for HTTP/2: it has headers, and one end. */
export class Page extends ServerResponse {
  readonly #taker: PageTaker;

  constructor(message: IncomingMessage, taker: PageTaker) {
    super(message);
    this.#taker = taker;
  }

  override end(body?: unknown): this {
    const headers: string[] = [];
    for (const name of this.getHeaderNames())
      for (const value of [this.getHeader(name)].flat()) headers.push(name, String(value));
    const bytes = Buffer.isBuffer(body) && body.length > 0 ? body : undefined;
    this.#taker.pass(answerBlock(this.statusCode, headers), bytes === undefined ? "none" : "some");
    this.#taker.end(bytes);
    return this;
  }
}
