import type { Duplex } from "node:stream";
import type { Choice, HeaderLine } from "./decision.ts";
import type { BackendProtocol, UpstreamTls } from "./route/transport.ts";
import type { Backend } from "./route.ts";
import type { AnswerDirectly } from "./upstream/direct.ts";

/**
 * A Backend's live target for one request: an echo pod, a local process, an external name, a pod through a
 * port-forward.
 */
export interface Upstream {
  /** For display, and the pool's key: `echo/service1-0`, `127.0.0.1:3000`, `pod/web-7d4b9:80`. */
  readonly name: string;
  /** In the cluster: `10.0.0.1:8080`. default: unknown */
  readonly address?: string | undefined;
  /** HTTP/1.1, HTTP/2 from the first byte (`grpc`), either over TLS, or FastCGI. */
  readonly protocol: "http" | "https" | "grpc" | "grpcs" | "fcgi";
  /** The Ingress's TLS settings for it (`proxy-ssl-*`). */
  readonly tls?: UpstreamTls | undefined;
  readonly connection:
    | { readonly kind: "tcp"; readonly host: string; readonly port: number }
    | {
        readonly kind: "stream";
        /**
         * Opens a byte stream. Rejects if the upstream is unreachable (502), and on the signal, when nobody
         * waits any more.
         */
        readonly open: (signal: AbortSignal) => Promise<Duplex>;
        /** Aborted for an upstream without new requests: idle connections close now, others once idle. */
        readonly retired?: AbortSignal | undefined;
        /** Answers ordinary requests of HTTP/1.1 as a connection would. default: only connections answer */
        readonly answer?: AnswerDirectly | undefined;
      };
  /** For an ExternalName: if it does not resolve, the Service has no endpoints (503). */
  readonly named?: "external-name" | undefined;
  /** Advice if it is unusable; a sentence. */
  readonly advice?: string | undefined;
  /** Prefix of the path, from a `--map` URL; without trailing slash, `""` for none. */
  readonly basePath: string;
}

/** A Backend's current meaning. `none` is answered 503, as for a Service without endpoints. */
export type Resolution =
  | {
      readonly kind: "upstream";
      readonly upstream: Upstream;
      /** Added to the response's headers: a `Set-Cookie` of session affinity. */
      readonly addedHeaders?: readonly HeaderLine[] | undefined;
    }
  | { readonly kind: "none"; readonly why: string };

/** One request's conditions for the choice among its backend's upstreams. */
export interface ResolveOptions {
  /** Upstreams that failed; another one is preferred. */
  readonly tried?: readonly string[] | undefined;
  /** The decision's rule, in place of round robin. */
  readonly choice?: Choice | undefined;
}

/** Chooses the upstream for a request or a retry. Never throws. */
export type Resolve = (backend: Backend, protocol: BackendProtocol, options?: ResolveOptions) => Resolution;
