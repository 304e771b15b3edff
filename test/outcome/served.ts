import { match } from "../../src/match/match.ts";
import { matchTls } from "../../src/match/tls.ts";
import type { Decision, RequestFacts } from "../../src/model/decision.ts";
import type { HitEvent } from "../../src/model/event.ts";
import type { SecureContexts } from "../../src/proxy/listen/https-server.ts";
import { startProxy } from "../../src/proxy/proxy.ts";
import type { CompiledCase } from "../support/compiled-case.ts";

/** The end of one request, as reported by the proxy. */
export interface RequestEnd {
  readonly hit: HitEvent;
  readonly facts: RequestFacts | undefined;
  readonly decision: Decision | undefined;
}

/** A running proxy with a replaceable table. */
export interface ServingProxy {
  readonly ports: { readonly http: number; readonly https: number };
  use(compiled: CompiledCase): void;
  /** The next end that was not yet taken. */
  end(): Promise<RequestEnd>;
  close(): Promise<void>;
}

export async function servingProxy(
  exact: boolean,
  first: CompiledCase,
  secureContext: SecureContexts,
): Promise<ServingProxy> {
  let current = first;
  const ends: RequestEnd[] = [];
  let wake = () => {};
  const proxy = await startProxy({
    bind: "127.0.0.1",
    httpPort: 0,
    httpsPort: 0,
    exact: exact ? "exact" : "local",
    decide: (facts) => match(current.table, facts),
    resolve: (...question) => current.resolver.resolve(...question),
    noEndpoints: (...question) => current.resolver.noEndpoints(...question),
    plane: () => current.table.plane,
    client: () => current.table.options.client,
    http2: () => "off",
    secureContext,
    decideTls: (servername) => matchTls(current.table, servername),
    limits: { lingerMs: 50 },
    onHit(hit, facts, decision) {
      ends.push({ hit, facts, decision });
      wake();
    },
    onUpstream: () => undefined,
  });
  return {
    ports: proxy.ports,
    use(compiled) {
      current = compiled;
    },
    async end() {
      for (;;) {
        const found = ends.shift();
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    close: () => proxy.close(0),
  };
}
