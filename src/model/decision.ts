import type { Route } from "./route.ts";

/** Which protocol a request came by. */
export type Scheme = "http" | "https";

/** The ports that the two listeners really have, for redirects from one to the other. */
export interface Ports {
  readonly http: number;
  readonly https: number;
}

/** What `match` is told of a request. Nothing here is decoded or lower-cased. */
export interface RequestFacts {
  readonly scheme: Scheme;
  readonly method: string;
  /** The `Host` header (or `:authority`) as sent, `""` where there is none. Already known to be well-formed. */
  readonly host: string;
  /** The request target in origin form, raw: `/a%2Fb?c`. One char a byte. */
  readonly target: string;
  readonly ports: Ports;
  /** `--exact`: what the cluster would send, so no local ports in redirects. */
  readonly exact: boolean;
}

interface Reasoned {
  /** The route the request ended at; absent where it did not get that far (400). */
  readonly route?: Route | undefined;
  /** Why, in sentences, most important first. */
  readonly why: readonly string[];
}

/**
 * Where one request goes, and why.
 *
 * `match` returns one for every request and never throws. The proxy carries it out, the dashboard shows it and
 * `ingress-dev explain` prints it, so the three cannot disagree.
 */
export type Decision =
  | (Reasoned & {
      readonly kind: "forward";
      readonly route: Route & { readonly backend: NonNullable<Route["backend"]> };
      /** Path and query as the backend is asked for them, one char a byte. */
      readonly upstreamPath: string;
    })
  | (Reasoned & {
      readonly kind: "redirect";
      readonly status: number;
      readonly location: string;
      /** The `Location` in the cluster, where it differs. */
      readonly production?: string | undefined;
    })
  | (Reasoned & { readonly kind: "respond"; readonly status: number });

/** A route that the request did not take, and why not. */
export interface Rejection {
  /** `default/basic`. */
  readonly ingress: string;
  readonly rule: { readonly host: string; readonly path: string; readonly pathType: string };
  readonly why: string;
}
