/** 504: a silent upstream (`proxy_read_timeout`). */
export class ReadTimeout extends Error {
  override readonly name = "ReadTimeout";
}

/** The upstream's answer is not readable. */
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
