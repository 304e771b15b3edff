/** A failed port-forward. `code` is that of a socket that failed in the same way; it decides about a retry. */
export class ForwardFailure extends Error {
  override readonly name = "ForwardFailure";
  /** `ECONNREFUSED`: no byte has reached the pod. `ECONNRESET`: some may have. */
  readonly code: "ECONNREFUSED" | "ECONNRESET";

  constructor(message: string, code: ForwardFailure["code"]) {
    super(message);
    this.code = code;
  }
}

/**
 * Texts of runtimes without a connection in the pod: nothing listens on the port (containerd, CRI-O, and socat for
 * cri-dockerd), or the pod is gone.
 */
const NOT_CONNECTED =
  /connection refused|failed to (?:dial|connect)|is not running|not found|no such (?:container|file)|unable to do port forwarding/i;

/** `text` is the error channel's. */
export function failedInPod(text: string): ForwardFailure {
  return new ForwardFailure(text, NOT_CONNECTED.test(text) ? "ECONNREFUSED" : "ECONNRESET");
}

/** The connection to the API server ended without an orderly close. */
export function brokenOff(what: string): ForwardFailure {
  return new ForwardFailure(`the port-forward broke off: ${what}`, "ECONNRESET");
}

/** The server broke the channel protocol, so nothing that follows can be trusted. */
export function violated(what: string): ForwardFailure {
  return new ForwardFailure(`the API server broke the port-forward protocol: it sent ${what}`, "ECONNRESET");
}
