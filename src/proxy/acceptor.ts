import type { Server, Socket } from "node:net";
import { contain } from "../contain.ts";
import { withOwnReads } from "../http1/reads.ts";
import type { Ports, Scheme } from "../model/decision.ts";
import type { TlsDecision } from "../model/tls.ts";
import { compose, type ProxyOptions } from "./compose.ts";
import { rememberEntryPoint } from "./exchange/client-connections.ts";
import { createFrame } from "./exchange/frame.ts";
import type { ProxyLimits } from "./limits.ts";
import { acceptHttp } from "./listen/http-server.ts";
import { acceptHttps } from "./listen/https-server.ts";

/** Answers on the connections of open listeners. */
export interface Acceptor {
  /** `entryPoint`: of a port of its own. */
  accept(scheme: Scheme, socket: Socket, entryPoint?: string): void;
  /** Loads what only answers of the proxy's own need. */
  load(): Promise<void>;
  /** Closes the listeners; see `Proxy.close`. */
  stop(servers: readonly Server[], graceMs: number): Promise<void>;
}

export function createAcceptor(options: ProxyOptions, limits: ProxyLimits, ports: Ports): Acceptor {
  const frame = createFrame();
  const { listening, close } = compose(options, limits, ports, frame);
  const { connections } = listening;
  const tls = { contexts: options.secureContext, decide: options.decideTls ?? endTls };
  const accept = { http: acceptHttp(listening), https: acceptHttps(listening, tls) };
  return {
    accept(scheme, accepted, entryPoint) {
      const caught = (fault: unknown) => {
        listening.onFault(fault);
        socket.destroy();
      };
      // TLS reads into memory of its own.
      const socket: Socket = scheme === "http" ? withOwnReads(accepted, caught) : accepted;
      if (entryPoint !== undefined) rememberEntryPoint(socket, entryPoint);
      contain(socket, caught);
      connections.track(socket);
      accept[scheme](socket);
    },
    load: frame.load,
    async stop(servers, graceMs) {
      const ended = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
      connections.drain();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, graceMs);
        connections.whenQuiet(() => {
          clearTimeout(timer);
          resolve();
        });
      });
      connections.destroyAll();
      close();
      await Promise.all(ended);
      await frame.close();
    },
  };
}

function endTls(): TlsDecision {
  return { kind: "end" };
}
