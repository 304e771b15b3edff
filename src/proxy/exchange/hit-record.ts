import type { Decision, RequestFacts, Scheme } from "../../model/decision.ts";
import type { Reason } from "../../model/reason.ts";
import type { Recording } from "./recording.ts";

/** The start of a hit: a request, or a connection whose TLS passes through. */
export interface HitSubject {
  readonly scheme: Scheme;
  readonly method: string;
  /** As sent, else from a target in absolute form; `""` for none. */
  readonly host: string;
  /** Origin form, raw; otherwise as sent. */
  readonly target: string;
  readonly id: string;
  /** `Date.now()` and `performance.now()` at the complete head. */
  readonly time: number;
  readonly startedAt: number;
  /** default: a connection that is not HTTP */
  readonly facts?: RequestFacts | undefined;
  readonly decision?: Decision | undefined;
}

/** nginx's log status for a client that left before the answer. */
const CLIENT_LEFT_STATUS = 499;

/** For a client that closed its connection or stream before the answer. */
export const CLIENT_LEFT = "the client closed the connection";

/** A hit while its request is under way. Only its methods change it. */
export class HitRecord {
  readonly scheme: Scheme;
  readonly method: string;
  readonly host: string;
  readonly target: string;
  readonly id: string;
  readonly time: number;
  readonly startedAt: number;
  #facts: RequestFacts | undefined;
  #decision: Decision | undefined;
  #status = 0;
  #bytes = 0;
  #upstream: string | undefined;
  #why: readonly Reason[] | undefined;
  #error: string | undefined;
  #isTold = false;
  #recording: Recording | undefined;

  constructor(subject: HitSubject) {
    this.scheme = subject.scheme;
    this.method = subject.method;
    this.host = subject.host;
    this.target = subject.target;
    this.id = subject.id;
    this.time = subject.time;
    this.startedAt = subject.startedAt;
    this.#facts = subject.facts;
    this.#decision = subject.decision;
  }

  get facts(): RequestFacts | undefined {
    return this.#facts;
  }

  get decision(): Decision | undefined {
    return this.#decision;
  }

  /** 0 before the response. */
  get status(): number {
    return this.#status;
  }

  /** Of the response body. */
  get bytes(): number {
    return this.#bytes;
  }

  get upstream(): string | undefined {
    return this.#upstream;
  }

  /** Replaces the decision's `why` if the answer differs from it. */
  get why(): readonly Reason[] | undefined {
    return this.#why;
  }

  /** Whatever failed on the way. */
  get error(): string | undefined {
    return this.#error;
  }

  /** default: requests are not recorded */
  get recording(): Recording | undefined {
    return this.#recording;
  }

  recordedBy(recording: Recording): void {
    this.#recording = recording;
  }

  decided(decision: Decision, facts = this.#facts): void {
    this.#decision = decision;
    this.#facts = facts;
  }

  /** An upstream is tried, by name. */
  tried(upstream: string): void {
    this.#upstream = upstream;
  }

  /** The answer differs from the decision. */
  answeredBecause(why: readonly Reason[]): void {
    this.#why = why;
  }

  begun(status: number): void {
    this.#status = status;
  }

  /** More bytes of the response body went out. */
  sent(bytes: number): void {
    this.#bytes += bytes;
  }

  failed(error: string): void {
    this.#error = error;
  }

  clientLeft(): void {
    this.#error = CLIENT_LEFT;
    if (this.#status === 0) this.#status = CLIENT_LEFT_STATUS;
  }

  /** True the first time: a hit is reported once. */
  takeTelling(): boolean {
    const isFirst = !this.#isTold;
    this.#isTold = true;
    return isFirst;
  }
}
