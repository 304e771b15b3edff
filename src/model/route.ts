import type { Step } from "../step/step.ts";
import type { ControllerOptions } from "./controller.ts";
import type { CustomKind } from "./custom-kinds.ts";
import type { Plane } from "./plane.ts";
import type { Reason } from "./reason.ts";
import type { PathType, PortRef } from "./resource.ts";
import type { Action } from "./route/action.ts";
import type { Balancing } from "./route/balancing.ts";
import type { EntryPoint } from "./route/selection.ts";
import type { StreamRoute } from "./route/stream.ts";
import type { Transport } from "./route/transport.ts";

/** An Ingress, or the object of another kind that a route is written in. */
export interface IngressRef {
  /** default: Ingress */
  readonly kind?: CustomKind | undefined;
  readonly namespace: string;
  readonly name: string;
  readonly file: string;
  /** 1-based line of the rule's path, or of the Ingress for its default backend; 0: unknown */
  readonly line: number;
}

/** Its namespace is always the Ingress's. */
export interface Backend {
  readonly namespace: string;
  readonly service: string;
  readonly port: PortRef;
  /** Annotations' choice of an endpoint. */
  readonly balancing?: Balancing | undefined;
}

/** A route as its controller names it. */
export interface RouteInWords {
  /** Traefik's router, Envoy's virtual host and place. */
  readonly name: string;
  /** Traefik's rule text, Envoy's matchers. */
  readonly match: string;
  readonly priority?: number | undefined;
}

/** A route's path in its Ingress, as written. */
export interface RouteRule {
  /** `""`: every host */
  readonly host: string;
  readonly path: string;
  readonly pathType: PathType;
  /** Matched as a regular expression (host-wide in ingress-nginx). */
  readonly regex: boolean;
}

/**
 * A request's end: a path of an Ingress, a default backend, or nginx's own 404. Words and references may be made when
 * they are asked for, so `routeWith` copies a route and `{ ...route }` does not.
 */
export interface Route {
  /** Stable over unrelated reloads: `default/basic www.basic1.com/path1 Prefix`. */
  readonly id: string;
  /** Absent for the controller's own default backend. */
  readonly ingress?: IngressRef | undefined;
  /** Absent for a default backend. */
  readonly rule?: RouteRule | undefined;
  /** In order, before `action`. */
  readonly steps: readonly Step[];
  readonly action: Action;
  readonly transport: Transport;
  /** default: the controller has no words of its own for it */
  readonly inWords?: RouteInWords | undefined;
  /** The reasons for every request that ends here. */
  readonly why: readonly Reason[];
}

/** The rule in its controller's words, where its object has no paths: "Host(`shop.test`)". `undefined`: see `rule` */
export function ownMatchOf({
  ingress,
  rule,
  inWords,
}: Pick<Route, "ingress" | "rule" | "inWords">): string | undefined {
  return rule === undefined && ingress?.kind !== undefined ? (inWords?.match ?? ingress.kind) : undefined;
}

/** A copy of a route with other parts. */
export function routeWith(
  { id, ingress, rule, steps, action, transport, inWords, why }: Route,
  parts: Partial<Pick<Route, "steps" | "transport" | "why">>,
): Route {
  return { id, ingress, rule, steps, action, transport, inWords, why, ...parts };
}

/** The rule's Service port; `undefined` if the controller answers. */
export function mainBackend({ action }: Partial<Pick<Route, "action">>): Backend | undefined {
  return action?.kind === "forward" ? action.shares[0].backend : undefined;
}

/** A host with its own certificate. */
export interface TlsHost {
  /** Lower case; may be a wildcard. */
  readonly host: string;
  readonly namespace: string;
  readonly secretName: string;
  /** The certificate is shown whatever names are in it. default: only for its names */
  readonly shown?: "always" | undefined;
  /** The Ingress whose `tls` section names the Secret. */
  readonly ingress: IngressRef;
}

/** Entry points with hosts and routes in matching order. Immutable: replaced whole. */
export interface RouteTable {
  /** Its name in the registry of controllers. */
  readonly controller: string;
  readonly plane: Plane;
  readonly options: ControllerOptions;
  /** The cluster's ports. A scheme without one is served by the first. */
  readonly entryPoints: readonly [EntryPoint, ...EntryPoint[]];
  readonly tlsHosts: readonly TlsHost[];
  readonly streams: readonly StreamRoute[];
  /** Names and wildcards with a certificate, which redirect http to https. */
  readonly tlsNames: ReadonlySet<string>;
  /** Unserved hosts of Ingresses, lower case (`""`: every host), with Ingress, cause and fix. */
  readonly unserved: ReadonlyMap<string, Reason>;
  /** `--default-ssl-certificate`, `NAMESPACE/NAME`: for hosts without certificate. */
  readonly defaultCertificate?: string | undefined;
  /** For answers outside of locations: the ConfigMap's error pages. */
  readonly outside?: Route | undefined;
  /** Routes of Ingresses in their order, for `routes`. */
  readonly routes: readonly Route[];
}
