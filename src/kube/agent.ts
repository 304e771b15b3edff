import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent, type RequestOptions } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type ConnectionOptions, createSecureContext } from "node:tls";
import { openTunnel } from "./tunnel.ts";

/** `undefined`: `node:tls`'s default. */
export type AgentTls = Pick<ConnectionOptions, "ca" | "cert" | "key" | "servername" | "rejectUnauthorized">;

export interface TunnelOptions {
  readonly url: URL;
  /** Time limit for the proxy's connection. unit: ms */
  readonly limitMs: number;
}

type Connected = ((error: Error | null, socket: Duplex) => void) | undefined;

function connectThrough(
  proxy: TunnelOptions,
  { host, port }: RequestOptions,
  connected: Connected,
  secured: (tunnel: Socket) => Duplex | null | undefined,
): undefined {
  openTunnel(proxy.url, { host: host ?? "", port: Number(port) }, proxy.limitMs)
    .then(secured)
    .then(
      (socket) => connected?.(null, socket as Duplex),
      // Node reads only the error, although its types want a socket too.
      (error: Error) => connected?.(error, undefined as unknown as Duplex),
    );
}

class TunnelHttpAgent extends HttpAgent {
  readonly #proxy: TunnelOptions;

  constructor(proxy: TunnelOptions) {
    super();
    this.#proxy = proxy;
  }

  override createConnection(options: RequestOptions, connected?: Connected): undefined {
    return connectThrough(this.#proxy, options, connected, (tunnel) => tunnel);
  }
}

class TunnelHttpsAgent extends HttpsAgent {
  readonly #proxy: TunnelOptions;

  constructor(tls: ConnectionOptions, proxy: TunnelOptions) {
    super(tls);
    this.#proxy = proxy;
  }

  override createConnection(options: RequestOptions, connected?: Connected): undefined {
    return connectThrough(this.#proxy, options, connected, (tunnel) =>
      super.createConnection(Object.assign(options, { socket: tunnel })),
    );
  }
}

/**
 * An agent for one server, without idle connections.
 * @throws OpenSSL's error for an unreadable certificate or key
 */
export function agentFor(
  scheme: "http" | "https",
  { ca, cert, key, ...names }: AgentTls,
  proxy: TunnelOptions | undefined,
): HttpAgent {
  if (scheme === "http") return proxy === undefined ? new HttpAgent() : new TunnelHttpAgent(proxy);
  const tls = { ...names, secureContext: createSecureContext({ ca, cert, key }) };
  return proxy === undefined ? new HttpsAgent(tls) : new TunnelHttpsAgent(tls, proxy);
}
