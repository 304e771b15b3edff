/** Receives a request's body in order: data, end; or a failure at any time. */
export interface BodyTaker {
  /** `held`: the bytes are still used after the call. */
  data(bytes: Buffer): "held" | "free";
  end(): void;
  failed(error: Error): void;
}

/** A request's body for one try. */
export interface BodySource {
  /** Begins on the next tick. */
  start(taker: BodyTaker): void;
  /** The taker takes no more for now. */
  pause(): void;
  /** Harmless unless paused. */
  resume(): void;
  /** The taker hears nothing more. */
  stop(): void;
}
