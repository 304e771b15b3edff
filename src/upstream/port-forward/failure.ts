/** A port-forward that failed. `code` is that of a socket in the same plight, for whoever decides about a second try. */
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
 * What runtimes write when they did not get as far as a connection in the pod: nothing listens on the port (containerd,
 * CRI-O, and socat for cri-dockerd), or the pod is none any more.
 */
const NOT_CONNECTED =
  /connection refused|failed to (?:dial|connect)|is not running|not found|no such (?:container|file)|unable to do port forwarding/i;

/** The error channel's text, as it came. */
export function failedInPod(text: string): ForwardFailure {
  return new ForwardFailure(text, NOT_CONNECTED.test(text) ? "ECONNREFUSED" : "ECONNRESET");
}

/** The connection to the API server ended otherwise than by an orderly close. */
export function brokenOff(what: string): ForwardFailure {
  return new ForwardFailure(`the port-forward broke off: ${what}`, "ECONNRESET");
}

/** The server sent what the channel protocol does not know: whatever comes next cannot be trusted. */
export function violated(what: string): ForwardFailure {
  return new ForwardFailure(`the API server broke the port-forward protocol: it sent ${what}`, "ECONNRESET");
}
