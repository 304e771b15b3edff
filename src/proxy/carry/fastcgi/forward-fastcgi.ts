import type { Duplex, Writable } from "node:stream";
import type { Upstream } from "../../../model/upstream.ts";
import { causeOf, UpstreamTimeout } from "../../connect/connect.ts";
import type { ProxyContext } from "../../exchange/context.ts";
import type { Errand, Exchange } from "../../exchange/exchange.ts";
import { BodyTooLarge, failureOf, InvalidHeader } from "../../exchange/failure.ts";
import { beginResponse, cutOff, discardBody } from "../../exchange/reply.ts";
import { accelRedirect } from "../accel.ts";
import { bodyOf, type Forward, MOST_MEASURED_BYTES } from "../backend-request.ts";
import { clientHeaders } from "../response-head.ts";
import type { ClientBody, Upload } from "../upload.ts";
import { readHead } from "./head.ts";
import { paramsOf } from "./params.ts";
import { beginRequest, type FastCgiMessage, recordReader, stdin } from "./records.ts";

/** What nginx logs for a client that left before it was answered. */
const CLIENT_LEFT = 499;
/** So much of what an application complains about is told. */
const COMPLAINT_CHARS = 400;

/** Sends a request on to a FastCGI application, as nginx's `fastcgi_pass` does, on a connection of its own. */
export function forwardFastCgi(
  context: ProxyContext,
  exchange: Exchange,
  decision: Forward,
  upstream: Upstream,
): void {
  const forwarding = new FastCgiForwarding(context, exchange, decision, upstream);
  exchange.errand = forwarding;
  forwarding.send();
}

/** One request on its way to an application and back. Lives until the response has ended, on either side. */
class FastCgiForwarding implements Errand {
  readonly #context: ProxyContext;
  readonly #exchange: Exchange;
  readonly #decision: Forward;
  readonly #upstream: Upstream;
  readonly #body: ClientBody | undefined;
  #stream: Duplex | undefined;
  #timer: NodeJS.Timeout | undefined;
  #head: Buffer | undefined = Buffer.alloc(0);
  /** What is still to come by `Content-Length`; -1 for no length. */
  #left = -1;
  #complaint = "";
  #over = false;

  constructor(context: ProxyContext, exchange: Exchange, decision: Forward, upstream: Upstream) {
    this.#context = context;
    this.#exchange = exchange;
    this.#decision = decision;
    this.#upstream = upstream;
    this.#body = bodyOf(context, exchange, decision);
  }

  send(): void {
    const upload = this.#body?.open();
    upload?.on("error", (error) => this.fail(error));
    const { contentLength } = this.#exchange.headers;
    if (upload === undefined || contentLength !== "") {
      this.#connect(upload === undefined ? "" : contentLength, (stream) => {
        if (upload === undefined) stream.write(stdin(Buffer.alloc(0)));
        else pass(upload, stream);
      });
      return;
    }
    // An application wants to know the length of a body before it comes.
    const chunks: Buffer[] = [];
    let length = 0;
    upload.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MOST_MEASURED_BYTES)
        this.fail(new BodyTooLarge(`a body without a length is larger than ${MOST_MEASURED_BYTES} bytes`));
    });
    upload.on("end", () =>
      this.#connect(String(length), (stream) => {
        for (const chunk of chunks) stream.write(stdin(chunk));
        stream.write(stdin(Buffer.alloc(0)));
      }),
    );
  }

  #connect(contentLength: string, sendBody: (stream: Duplex) => void): void {
    if (this.#over) return;
    const { connectTimeoutMs } = this.#decision.route.transport;
    this.#context.pools.connect(this.#upstream, connectTimeoutMs, (error, stream) => {
      if (stream === null || this.#over) {
        stream?.destroy();
        this.fail(error ?? new Error("there is no connection"));
        return;
      }
      this.#stream = stream;
      this.#wait();
      const read = recordReader();
      stream.on("data", (bytes: Buffer) => {
        this.#wait();
        for (const message of read(bytes)) this.#take(message);
      });
      stream.on("error", (cause) => this.fail(cause));
      // An answer of the length that it announced is complete, whatever is still to be said of the request.
      stream.on("close", () => (this.#left === 0 ? this.#end() : this.fail(this.#closed())));
      stream.write(
        beginRequest(paramsOf(this.#exchange, this.#decision, contentLength, this.#context.client())),
      );
      sendBody(stream);
    });
  }

  /** The longest pause between two reads begins anew. */
  #wait(): void {
    if (this.#over) return;
    const { readTimeoutMs } = this.#decision.route.transport;
    const late = () => this.fail(new UpstreamTimeout(`nothing came for ${readTimeoutMs} ms`));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(late, readTimeoutMs);
  }

  #closed(): Error {
    const said = this.#complaint === "" ? "" : `; it said: ${this.#complaint}`;
    return new Error(`the application closed the connection before its answer was complete${said}`);
  }

  #take(message: FastCgiMessage): void {
    if (this.#over) return;
    if (message.kind === "malformed") this.fail(new InvalidHeader("the upstream does not speak FastCGI"));
    else if (message.kind === "end") this.#end();
    else if (message.kind === "stderr")
      this.#complaint = (this.#complaint + message.content.toString("latin1")).slice(0, COMPLAINT_CHARS);
    else if (this.#head === undefined) this.#passOn(message.content);
    else this.#readHead(Buffer.concat([this.#head, message.content]));
  }

  #readHead(bytes: Buffer): void {
    this.#head = bytes;
    try {
      const head = readHead(bytes);
      if (head === undefined) return;
      const { status, raw, rest } = head;
      const target = accelRedirect(raw);
      if (target !== undefined) {
        this.#finish();
        this.#context.inside(this.#exchange, this.#decision, target, raw);
        return;
      }
      const { headers, length } = clientHeaders(
        this.#context,
        this.#exchange,
        this.#decision,
        raw,
        "fastcgi",
      );
      const text = this.#exchange.plane.phrase(status);
      beginResponse(this.#context, this.#exchange, { status, text, headers, length });
      this.#head = undefined;
      const bodyless = this.#exchange.method === "HEAD" || status === 204 || status === 304;
      this.#left = bodyless ? 0 : length;
      if (rest.length > 0) this.#passOn(rest);
      else if ("flushHeaders" in this.#exchange.response) this.#exchange.response.flushHeaders();
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** More than the application has announced is dropped. */
  #passOn(content: Buffer): void {
    const { response } = this.#exchange;
    const chunk = this.#left < 0 ? content : content.subarray(0, this.#left);
    if (this.#left > 0) this.#left -= chunk.length;
    this.#exchange.bytes += chunk.length;
    const sink: Writable = response;
    const stream = this.#stream;
    if (chunk.length === 0 || sink.write(chunk) || stream === undefined) return;
    stream.pause();
    const stalled = () => {
      this.fail(new Error("the client does not read the response"));
      this.#exchange.connection.destroy();
    };
    clearTimeout(this.#timer);
    const timer = setTimeout(stalled, this.#context.limits.writeIdleMs);
    const clear = () => clearTimeout(timer);
    stream.once("close", clear);
    sink.once("drain", () => {
      clear();
      this.#wait();
      stream.off("close", clear).resume();
    });
  }

  #end(): void {
    if (this.#over) return;
    if (this.#head !== undefined || this.#left > 0) {
      this.fail(this.#closed());
      return;
    }
    const { response } = this.#exchange;
    this.#finish();
    response.end();
    discardBody(this.#context, this.#exchange);
    this.#context.tell(this.#exchange);
  }

  fail(error: Error): void {
    if (this.#over) return;
    this.#finish();
    const exchange = this.#exchange;
    exchange.error = causeOf(error);
    if (exchange.status === 0 && !exchange.response.headersSent) {
      this.#context.answer(exchange, failureOf(this.#decision, this.#upstream, error));
      return;
    }
    this.#context.tell(exchange);
    cutOff(exchange.response);
  }

  abandon(): void {
    if (this.#over) return;
    this.#finish();
    this.#exchange.error = "the client closed the connection";
    if (this.#exchange.status === 0) this.#exchange.status = CLIENT_LEFT;
    this.#context.tell(this.#exchange);
  }

  #finish(): void {
    this.#over = true;
    this.#exchange.errand = undefined;
    clearTimeout(this.#timer);
    this.#stream?.destroy();
    this.#body?.close();
  }
}

/** A body on its way to the application, no faster than that takes it. */
function pass(upload: Upload, stream: Duplex): void {
  upload.on("data", (chunk: Buffer) => {
    if (stream.write(stdin(chunk))) return;
    upload.pause();
    stream.once("drain", () => upload.resume());
  });
  upload.on("end", () => stream.write(stdin(Buffer.alloc(0))));
}
