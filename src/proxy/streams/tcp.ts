import type { Socket } from "node:net";
import { contain } from "../../contain.ts";
import type { StreamRoute } from "../../model/route/stream.ts";
import type { Backend } from "../../model/route.ts";
import type { Resolve, Upstream } from "../../model/upstream.ts";
import { type Connected, causeOf, connectTo } from "../connect/connect.ts";
import { proxyLine, readProxyHeader } from "../connect/proxy-protocol.ts";
import { tunnel } from "../connect/tunnel.ts";
import type { NextBackend } from "./turns.ts";

/** The end of a stream's connection: the upstream and the bytes to the client, or the failure. */
export interface StreamEnd {
  readonly upstream?: string | undefined;
  readonly bytes: number;
  readonly error?: string | undefined;
}

/** unit: ms */
export interface TcpOptions {
  readonly resolve: Resolve;
  readonly next: NextBackend;
  /** No byte either way (`proxy-stream-timeout`). */
  readonly idleMs: number;
  readonly lingerMs: number;
  /** For the client's PROXY header (`proxy-protocol-header-timeout`). */
  readonly headerMs: number;
  readonly onFault: (fault: unknown) => void;
}

/** `proxy-stream-next-upstream-tries` */
const TRIES = 3;

/** Passes a client's bytes to its route's Service and back. `ended` is called once. */
export function passTcp(
  client: Socket,
  route: StreamRoute,
  options: TcpOptions,
  ended: (end: StreamEnd) => void,
): void {
  const fail = (error: string, upstream?: string) => {
    client.destroy();
    ended({ bytes: 0, error, upstream });
  };
  client.on("error", () => client.destroy());
  contain(client, (fault) => {
    options.onFault(fault);
    client.destroy();
  });
  const go = (line: string | undefined, head: Buffer) => {
    const backend = options.next(route);
    if (backend === undefined) {
      fail("no Service gets its connections");
      return;
    }
    const toBackend = route.proxyProtocol.toBackend === "sent" ? (line ?? proxyLine(client)) : "";
    connectAny({ ...route, backend }, options, [], (error, upstream) => {
      if (upstream === undefined) {
        fail(error);
        return;
      }
      if (client.destroyed) {
        upstream.stream.destroy();
        ended({ bytes: 0, error: "the client left", upstream: upstream.name });
        return;
      }
      const ends = {
        socket: client,
        head: Buffer.concat([Buffer.from(toBackend), head]),
        stream: upstream.stream,
      };
      tunnel(ends, Buffer.alloc(0), options, (bytes, broken) =>
        ended({ bytes, error: broken, upstream: upstream.name }),
      );
    });
  };
  if (route.proxyProtocol.fromClient === "none") go(undefined, Buffer.alloc(0));
  else awaitHeader(client, options.headerMs, go, fail);
}

/** Waits for the PROXY header. A connection without one is closed, as in nginx (`proxy_protocol`). */
function awaitHeader(
  client: Socket,
  headerMs: number,
  go: (line: string, head: Buffer) => void,
  fail: (error: string) => void,
): void {
  let read = Buffer.alloc(0);
  const stop = () => {
    clearTimeout(timer);
    client.off("data", take).off("close", left).pause();
  };
  const take = (chunk: Buffer) => {
    read = Buffer.concat([read, chunk]);
    const header = readProxyHeader(read);
    if (header.kind === "partial") return;
    stop();
    if (header.kind === "none") fail("the client sent no PROXY protocol header");
    else go(`${header.line}\r\n`, read.subarray(header.bytes));
  };
  const left = () => {
    stop();
    fail("the client left within its PROXY protocol header");
  };
  const timer = setTimeout(() => {
    stop();
    fail(`no PROXY protocol header within ${headerMs} ms`);
  }, headerMs);
  client.on("data", take).on("close", left).resume();
}

interface Reached {
  readonly name: string;
  readonly stream: Parameters<typeof tunnel>[0]["stream"];
}

/** The first reachable upstream of at most three. */
function connectAny(
  route: Pick<StreamRoute, "connectTimeoutMs"> & { readonly backend: Backend },
  options: TcpOptions,
  tried: readonly string[],
  done: (error: string, reached: Reached | undefined) => void,
): void {
  const resolution = options.resolve(route.backend, "HTTP", { tried });
  if (resolution.kind === "none") {
    done(resolution.why, undefined);
    return;
  }
  const { upstream } = resolution;
  const ready: Connected = (error, stream) => {
    const failed = [...tried, upstream.name];
    if (stream !== null) done("", { name: upstream.name, stream });
    else if (failed.length < TRIES && !tried.includes(upstream.name))
      connectAny(route, options, failed, done);
    else done(`${upstream.name}: ${causeOf(error)}`, undefined);
  };
  connectTo(plain(upstream), route.connectTimeoutMs, ready, options.onFault);
}

/** The bytes are the client's, so no TLS is added, whatever the target's scheme. */
function plain(upstream: Upstream): Upstream {
  return { ...upstream, protocol: "http" };
}
