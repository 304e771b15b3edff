import { STATUS_CODES } from "node:http";
import type { DirectAnswer, DirectHead, DirectListener, DirectRequest } from "../../model/upstream/direct.ts";
import type { EchoPod } from "../echo.ts";
import { type AnswerOptions, type EchoAnswer, echoAnswer, WITHOUT_CONTENT } from "./answer.ts";
import { BodyReading } from "./body.ts";

const NOTHING = Buffer.alloc(0);

/** The surroundings of all requests of HTTP/1.1. */
export interface EchoContext {
  /** The value of `Date` now. */
  readonly date: () => string;
  /** Requests whose answers are held back. */
  readonly held: Set<HeldRequest>;
}

/** Ends without an answer when the service closes. */
interface HeldRequest {
  close(): void;
}

/** One request of HTTP/1.1, answered once complete. Stopping cancels a held answer. */
export class EchoRequest implements DirectRequest, HeldRequest {
  readonly #context: EchoContext;
  readonly #pod: EchoPod;
  readonly #head: DirectHead;
  readonly #listener: DirectListener;
  readonly #body = new BodyReading();
  #timer: NodeJS.Timeout | undefined;

  constructor(context: EchoContext, pod: EchoPod, head: DirectHead, listener: DirectListener) {
    this.#context = context;
    this.#pod = pod;
    this.#head = head;
    this.#listener = listener;
  }

  body(bytes: Buffer): void {
    this.#body.add(bytes);
  }

  end(): void {
    const { method, target, version, headers } = this.#head;
    const received = { method, target, proto: `HTTP/${version}`, headers };
    const answer = echoAnswer(this.#pod, received, this.#body.end());
    const { delayMs } = answer.options;
    if (delayMs === 0) this.#send(answer);
    else {
      this.#context.held.add(this);
      this.#timer = setTimeout(() => {
        this.stop();
        this.#send(answer);
      }, delayMs);
    }
  }

  stop(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#context.held.delete(this);
  }

  close(): void {
    this.stop();
    this.#listener.failed(new Error("the echo service is closed"));
  }

  #send(answer: EchoAnswer): void {
    this.#listener.answered(http1Answer(answer, this.#head, this.#context.date()));
  }
}

/** In the order of Node's own server. */
function http1Answer(
  { options, json }: EchoAnswer,
  { method, keepAlive }: DirectHead,
  date: string,
): DirectAnswer {
  const { status } = options;
  const headers = inOrder(options.headers);
  const isDated = headers.some((name, i) => i % 2 === 0 && name.toLowerCase() === "date");
  const isEmpty = WITHOUT_CONTENT.has(status);
  const body = isEmpty ? NOTHING : Buffer.from(json);
  headers.push("X-Ingress-Dev-Upstream", "echo");
  if (!isEmpty) headers.push("Content-Type", "application/json");
  if (!isEmpty || status === 205) headers.push("Content-Length", String(body.length));
  if (!isDated) headers.push("Date", date);
  headers.push("Connection", keepAlive ? "keep-alive" : "close");
  const text = STATUS_CODES[status] ?? "unknown";
  return { status, text, headers, body: method === "HEAD" ? NOTHING : body };
}

/** Names and values alternating, a repeated name's values behind its first, as `appendHeader` of Node writes them. */
function inOrder(lines: AnswerOptions["headers"]): string[] {
  if (lines.length === 0) return [];
  const found = new Map<string, { readonly name: string; readonly values: string[] }>();
  for (const [name, value] of lines) {
    const known = found.get(name.toLowerCase());
    if (known === undefined) found.set(name.toLowerCase(), { name, values: [value] });
    else known.values.push(value);
  }
  return [...found].flatMap(([lower, { name, values }]) =>
    (lower === "cookie" ? [values.join("; ")] : values).flatMap((value) => [name, value]),
  );
}
