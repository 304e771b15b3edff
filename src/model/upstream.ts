import type { Duplex } from "node:stream";
import type { Choice, HeaderLine } from "./decision.ts";
import type { Backend } from "./route.ts";
import type { BackendProtocol, UpstreamTls } from "./transport.ts";

/**
 * The live thing that a Backend means for one request: an echo pod, a local process, an external name, a pod through a
 * port-forward.
 */
export interface Upstream {
  /** As shown and as the pool's key: `echo/service1-0`, `127.0.0.1:3000`, `pod/web-7d4b9:80`. */
  readonly name: string;
  /** What is spoken to it: HTTP/1.1, HTTP/2 from the first byte (`grpc`), either over TLS, or FastCGI. */
  readonly protocol: "http" | "https" | "grpc" | "grpcs" | "fcgi";
  /** What an Ingress says about TLS to it (`proxy-ssl-*`). */
  readonly tls?: UpstreamTls | undefined;
  /** Where a connection comes from. */
  readonly connection:
    | { readonly kind: "tcp"; readonly host: string; readonly port: number }
    | {
        readonly kind: "stream";
        /**
         * Opens a byte stream; the promise fails when the upstream cannot be reached (502), and when the signal says that
         * nobody waits for it any more.
         */
        readonly open: (signal: AbortSignal) => Promise<Duplex>;
        /** Aborted when nothing new is to be sent there: connections at rest are closed, others once they are at rest. */
        readonly retired?: AbortSignal | undefined;
      };
  /** By an ExternalName: where the name leads nowhere the Service has no endpoints, and that is 503. */
  readonly named?: "external-name" | undefined;
  /** What to do where it cannot be used, as a sentence. */
  readonly advice?: string | undefined;
  /** Put before the path: the path of a `--map` URL, without a trailing slash. `""` for none. */
  readonly basePath: string;
}

/** What a Backend means now. `none` is answered with 503, as the controller answers for a Service without endpoints. */
export type Resolution =
  | {
      readonly kind: "upstream";
      readonly upstream: Upstream;
      /** Added to the response, beside what it has under the same names: a `Set-Cookie` of session affinity. */
      readonly addedHeaders?: readonly HeaderLine[] | undefined;
    }
  | { readonly kind: "none"; readonly why: string };

/** What one request asks of the choice among the upstreams of its backend. */
export interface Wish {
  /** Names of upstreams that have failed it: another is chosen as long as there is one. */
  readonly tried?: readonly string[] | undefined;
  /** Of the decision: what decides instead of turns. */
  readonly choice?: Choice | undefined;
}

/** Chooses the upstream for one request, or for one more try of it. Never throws. */
export type Resolve = (backend: Backend, protocol: BackendProtocol, wish?: Wish) => Resolution;
