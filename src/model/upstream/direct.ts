/** The head of a request that an upstream in this process answers without a connection. One char per byte. */
export interface DirectHead {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** HTTP version: `1.1`. */
  readonly version: string;
  /** As a server would read them, framing included; names and values alternating. */
  readonly headers: readonly string[];
  /** The connection would stay open. */
  readonly keepAlive: boolean;
}

/** The answer, as a client would read it. */
export interface DirectAnswer {
  readonly status: number;
  /** Reason phrase. */
  readonly text: string;
  /** Names and values alternating. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** Hears of one answer, or of its failure; of nothing once the request is stopped. */
export interface DirectListener {
  answered(answer: DirectAnswer): void;
  failed(error: Error): void;
}

/** A request in progress: its body in pieces, then its end. */
export interface DirectRequest {
  body(bytes: Buffer): void;
  end(): void;
  /** Nobody waits for the answer any more. */
  stop(): void;
}

/** Begins to answer a request. @throws Error where a connection would be refused: the upstream is closed */
export type AnswerDirectly = (head: DirectHead, listener: DirectListener) => DirectRequest;
