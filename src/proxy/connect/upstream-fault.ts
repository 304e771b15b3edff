/** 504: a silent upstream (`proxy_read_timeout`). */
export class ReadTimeout extends Error {
  override readonly name = "ReadTimeout";

  /** @param ms how long it was silent; with 0 any answer is too late */
  static after(ms: number): ReadTimeout {
    return new ReadTimeout(ms === 0 ? "nothing is waited for (0 s)" : `nothing came for ${ms} ms`);
  }
}

/** The upstream's answer is not readable: nginx's `invalid_header`. */
export class InvalidHeader extends Error {
  override readonly name = "InvalidHeader";
}

/** The upstream ended the connection before its answer was complete. */
export class UpstreamClosed extends Error {
  override readonly name = "UpstreamClosed";

  constructor(before = "its answer was complete") {
    super(`the upstream closed the connection before ${before}`);
  }
}
