import type { Socket } from "node:net";
import { ClientRequest } from "../../http1/client-request.ts";
import { resetText, windowText } from "../frames/frame-text.ts";
import { CODE, type ErrorCode, MOST_WINDOW } from "../frames/protocol.ts";
import type { Http2Head } from "../heads/request-head.ts";
import type { Http2Output } from "../http2-output.ts";
import { type AnswerStream, Http2Response } from "../http2-response.ts";
import { StreamInput } from "./stream-input.ts";
import { type OutputOwner, StreamOutput } from "./stream-output.ts";

/** Told once of a stream's end; `reset`: by us, so that the client may have sent more before it knew. */
export type WhenOver = (stream: Http2Stream, how: "ended" | "reset") => void;

/** One request and its answer. */
export class Http2Stream implements AnswerStream, OutputOwner {
  readonly id: number;
  readonly request: ClientRequest;
  readonly response: Http2Response;
  readonly #sender: Http2Output;
  readonly #output: StreamOutput;
  readonly #input: StreamInput;
  readonly #whenOver: WhenOver;
  /** Of the body, as the head says it; -1: nothing is said. */
  #left: number;
  #isOver = false;

  constructor(
    id: number,
    socket: Socket,
    head: Http2Head,
    body: "body" | "no body",
    sender: Http2Output,
    whenOver: WhenOver,
  ) {
    this.id = id;
    this.#sender = sender;
    this.#whenOver = whenOver;
    this.#left = head.length;
    this.#input = new StreamInput((bytes) => sender.send(windowText(id, bytes)));
    this.#output = new StreamOutput(id, sender.firstWindow, this);
    this.request = new ClientRequest(socket, head, body === "body", this.#input);
    this.response = new Http2Response(this.request, this);
    if (body === "no body") this.request.finish();
  }

  /** The client may send more of its body. */
  get isOpen(): boolean {
    return !this.request.complete;
  }

  get waiting(): number {
    return this.#output.bytes;
  }

  /** Takes a piece of the body; `size` includes its padding. Returns the error of the stream that it is. */
  take(bytes: Buffer, size: number): ErrorCode | undefined {
    if (!this.#input.came(size)) return CODE.FLOW_CONTROL_ERROR;
    if (this.#left >= 0) {
      this.#left -= bytes.length;
      if (this.#left < 0) return CODE.PROTOCOL_ERROR;
    }
    if (bytes.length > 0) this.request.message.give(bytes);
    this.#input.credit();
    return undefined;
  }

  /** The body is complete. Returns the error of the stream that it is. */
  finish(): ErrorCode | undefined {
    // RFC 9113 section 8.1.1
    if (this.#left > 0) return CODE.PROTOCOL_ERROR;
    this.#input.end();
    this.request.finish();
    return undefined;
  }

  /** Larger, or smaller by a setting. False: it is too large. */
  widen(bytes: number): boolean {
    this.#output.window += bytes;
    this.#sender.due(this.#output);
    return this.#output.window <= MOST_WINDOW;
  }

  headers(block: string, follows: "end" | "more"): void {
    if (this.#isOver) return;
    this.#sender.sendHeaders(this.id, block, follows);
    if (follows === "more") return;
    this.#output.endWithHead();
    this.#sender.due(this.#output);
  }

  data(bytes: Buffer): void {
    if (this.#isOver) return;
    this.#output.add(bytes);
    this.#sender.due(this.#output);
  }

  end(trailers: string | undefined): void {
    if (this.#isOver) return;
    this.#output.end(trailers);
    this.#sender.due(this.#output);
  }

  waitForRoom(): void {
    this.#output.waitForRoom();
  }

  stalled(): void {
    this.response.stalled();
    this.#reset(CODE.INTERNAL_ERROR);
  }

  drained(): void {
    this.response.drained();
  }

  /** The answer is sent; a body that is still under way is not wanted any more (RFC 9113 section 8.1). */
  ended(): void {
    if (this.isOpen) this.#reset(CODE.NO_ERROR);
    else this.#end("ended");
  }

  reset(when: "now" | "behind"): void {
    if (when === "behind") this.#sender.flush();
    this.#reset(CODE.INTERNAL_ERROR);
  }

  /** The client breaks a rule. */
  refuse(code: ErrorCode): void {
    this.#reset(code);
  }

  /** The client takes no answer any more, or is gone. */
  leave(): void {
    this.#end("ended");
  }

  #reset(code: ErrorCode): void {
    if (this.#isOver) return;
    this.#sender.send(resetText(this.id, code));
    this.#end("reset");
  }

  #end(how: "ended" | "reset"): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#input.end();
    this.#sender.drop(this.#output);
    this.request.breakOff();
    this.response.close();
    this.#whenOver(this, how);
  }
}
