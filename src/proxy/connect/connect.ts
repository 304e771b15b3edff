import { connect as connectTcp } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import { contain } from "../../contain.ts";
import { OwnReads, ownReads } from "../../http1/reads.ts";
import type { Upstream } from "../../model/upstream.ts";
import { lookupFor } from "./loopback.ts";
import { tlsOptions } from "./upstream-tls.ts";

/** No connection in time: 504, as in nginx (`NGX_HTTP_UPSTREAM_FT_TIMEOUT`). */
export class ConnectTimeout extends Error {
  override readonly name = "ConnectTimeout";
}

/** The upstream is unreachable: 502. `message` and `code` are the system's. */
export class ConnectFailure extends Error {
  override readonly name = "ConnectFailure";
  readonly code: string;

  constructor(cause: unknown) {
    super(causeOf(cause), { cause });
    this.code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  }
}

/** An error in one line; for several addresses, the first one's. */
export function causeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return causeOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.message === "" && "code" in error ? String(error.code) : error.message;
}

/** Called once, with a stream ready for HTTP, or with the error. */
export type Connected = (error: Error | null, stream: Duplex | null) => void;

/** `own`: the receiver takes a TCP socket's bytes by `readInto`; `events`: by `data` events. */
export type Reads = "own" | "events";

/** Offered in the TLS handshake (RFC 7301). */
const ALPN: ReadonlyMap<Upstream["protocol"], string> = new Map([
  ["https", "http/1.1"],
  ["grpcs", "h2"],
]);

/**
 * Time for each address of a name but the last; a computer's own are refused at once, and need no limit. Node.js's 250 ms
 * are over while a busy machine does not come to it. unit: ms
 */
const ATTEMPT_MS = 2_000;

/**
 * Connects to an upstream: TCP, TLS over it for https and grpcs, or a stream of its own. Fails with
 * `ConnectTimeout` after `timeoutMs`, else with `ConnectFailure`. An exception of a stream's listener breaks
 * that stream and goes to `onFault`.
 */
export function connectTo(
  upstream: Upstream,
  timeoutMs: number,
  ready: Connected,
  onFault: (fault: unknown) => void,
  reads: Reads = "events",
): void {
  const { connection } = upstream;
  const breakOff = (stream: Duplex, fault: unknown): void => {
    onFault(fault);
    stream.destroy(new Error("broken off by a mistake of ingress-dev's"));
  };
  const held = <T extends Duplex>(stream: T): T => contain(stream, (fault) => breakOff(stream, fault));
  const connected: Connected = (error, stream) => {
    try {
      ready(error, stream === null ? null : held(stream));
    } catch (fault) {
      onFault(fault);
      stream?.destroy();
    }
  };
  if (connection.kind === "tcp") {
    const { host, port } = connection;
    const lookup = lookupFor(host);
    const isOwn = reads === "own" && !ALPN.has(upstream.protocol);
    const own: OwnReads | undefined = isOwn ? new OwnReads((fault) => breakOff(socket, fault)) : undefined;
    const onread = own?.options;
    const attemptMs = lookup === undefined ? Math.min(ATTEMPT_MS, timeoutMs) : timeoutMs;
    const addresses = { lookup, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: attemptMs };
    const socket = held(connectTcp({ host, port, ...addresses, noDelay: true, onread }));
    if (own !== undefined) ownReads(socket, own);
    secure(upstream, socket, "connect", timeoutMs, connected);
    return;
  }
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined = setTimeout(() => {
    timer = undefined;
    const error = timeoutError(upstream, timeoutMs);
    late.abort(error);
    connected(error, null);
  }, timeoutMs);
  connection.open(late.signal).then(
    (stream) => {
      if (timer === undefined) {
        stream.destroy();
        return;
      }
      clearTimeout(timer);
      // Its error was reported already; later listeners would not hear of it.
      if (stream.destroyed)
        connected(new ConnectFailure(stream.errored ?? new Error("closed at once")), null);
      else secure(upstream, stream, undefined, timeoutMs, connected);
    },
    (error: unknown) => {
      if (timer === undefined) return;
      clearTimeout(timer);
      connected(new ConnectFailure(error), null);
    },
  );
}

function secure(
  upstream: Upstream,
  base: Duplex,
  opening: "connect" | undefined,
  timeoutMs: number,
  connected: Connected,
): void {
  const alpn = ALPN.get(upstream.protocol);
  if (alpn === undefined) {
    if (opening === undefined) connected(null, base);
    else awaitEvent(upstream, base, base, opening, timeoutMs, connected);
    return;
  }
  let stream: Duplex;
  try {
    stream = connectTls({ ...tlsOptions(upstream), socket: base, ALPNProtocols: [alpn] });
  } catch (error) {
    base.on("error", () => {}).destroy();
    connected(new ConnectFailure(error), null);
    return;
  }
  awaitEvent(upstream, base, stream, "secureConnect", timeoutMs, connected);
}

function awaitEvent(
  upstream: Upstream,
  base: Duplex,
  stream: Duplex,
  event: "connect" | "secureConnect",
  timeoutMs: number,
  connected: Connected,
): void {
  const settle = (error: Error | null) => {
    clearTimeout(timer);
    stream.off(event, opened).off("error", failed).off("close", closed);
    if (error === null) return connected(null, stream);
    stream.on("error", () => {});
    base.on("error", () => {});
    stream.destroy();
    base.destroy();
    connected(error, null);
  };
  const opened = () => settle(null);
  const failed = (error: Error) => settle(new ConnectFailure(error));
  const closed = () => settle(new ConnectFailure(new Error("closed before it was ready")));
  const timer = setTimeout(() => settle(timeoutError(upstream, timeoutMs)), timeoutMs);
  stream.once(event, opened).once("error", failed).once("close", closed);
}

function timeoutError(upstream: Upstream, timeoutMs: number): ConnectTimeout {
  return new ConnectTimeout(`no connection to ${upstream.name} within ${timeoutMs} ms`);
}
