import type { Socket } from "node:net";
import type { Decision } from "../../model/decision.ts";
import { type Reason, reason } from "../../model/reason.ts";
import type { TlsDecision } from "../../model/tls.ts";
import type { Resolution, Upstream } from "../../model/upstream.ts";
import { ConnectTimeout, causeOf } from "../connect/connect.ts";
import { tunnel } from "../connect/tunnel.ts";
import { HitRecord } from "../exchange/hit-record.ts";
import type { Listening } from "./listening.ts";

type Pass = Extract<TlsDecision, { kind: "pass" }>;

/** A connection for a Service. "passed": its TLS is the Service's. "ended": its TLS ended here. */
export interface Passed extends Pick<Pass, "servername" | "route" | "backend"> {
  readonly how: "passed" | "ended";
}

/**
 * The controller's tunnel has no idle timeout (pkg/tcpproxy/tcp.go); a timer takes 2^31 - 1 ms at most, and its fraction
 * counts. unit: ms
 */
const FOR_EVER = 2 ** 31 - 1_000;

/** The Service for a host with `ssl-passthrough`; `undefined` if it speaks no TLS itself. */
export function passResolution(context: Listening, { backend }: Pass): Resolution | undefined {
  const resolution = context.resolve(backend, "HTTPS");
  return resolution.kind === "upstream" && resolution.upstream.protocol !== "https" ? undefined : resolution;
}

/**
 * Joins a client's connection to its Service; bytes pass unchanged, with their TLS or, where that ended here, without.
 * Reported at its end as a request with the method `TLS`. If the Service is unreachable the connection just closes, because the
 * client would understand no answer.
 */
export function passThrough(context: Listening, socket: Socket, pass: Passed, resolution: Resolution): void {
  const hit = hitOf(context, pass);
  const connection = context.connections.ofSocket(socket);
  connection.endless = true;
  context.connections.begin(connection);
  socket.once("close", () => context.connections.finish(connection));
  const end = (status: number, error: string | undefined, why: Reason | undefined) => {
    hit.begun(status);
    if (error !== undefined) hit.failed(error);
    if (why !== undefined) hit.answeredBecause([why, ...(hit.decision?.why ?? [])]);
    context.tell(hit);
  };
  if (resolution.kind === "none") {
    end(503, undefined, reason("no-endpoints", resolution.why));
    socket.destroy();
    return;
  }
  const { upstream } = resolution;
  hit.tried(upstream.name);
  // We add no TLS of our own.
  const raw: Upstream = { ...upstream, protocol: "http" };
  context.pools.connect(raw, pass.route.transport.connectTimeoutMs, (error, stream) => {
    if (stream === null) {
      const why = `${upstream.name}, for the TLS of ${pass.servername}, could not be reached: ${causeOf(error)}`;
      if (error instanceof ConnectTimeout) end(504, causeOf(error), reason("upstream-timeout", why));
      else end(502, causeOf(error), reason("upstream-failed", why));
      socket.destroy();
      return;
    }
    if (socket.destroyed) {
      stream.destroy();
      hit.clientLeft();
      context.tell(hit);
      return;
    }
    const bounds = { idleMs: FOR_EVER, lingerMs: context.limits.lingerMs };
    const nothing = Buffer.alloc(0);
    tunnel({ socket, head: nothing, stream }, nothing, bounds, (bytes, broken) => {
      hit.sent(bytes);
      end(101, broken, undefined);
    });
  });
}

const WHY = {
  passed: reason("ssl-passthrough", "ssl-passthrough: TLS goes to the Service as it is"),
  ended: reason("tls-ended", "TLS ends here, and what it carried goes to the Service as it comes"),
} as const;

function hitOf(context: Listening, { servername, route, backend, how }: Passed): HitRecord {
  const why = [WHY[how], ...route.why];
  const decision: Decision = { kind: "forward", route, backend, upstreamPath: "", why };
  return new HitRecord({
    scheme: "https",
    method: "TLS",
    host: servername,
    target: "",
    id: context.requestId(),
    time: context.now(),
    startedAt: context.clock(),
    decision,
  });
}
