import type { Step } from "../step/step.ts";
import type { Action } from "./action.ts";
import type { Balancing } from "./balancing.ts";
import type { ControllerOptions } from "./controller.ts";
import type { Plane } from "./plane.ts";
import type { Reason } from "./reason.ts";
import type { PathType, PortRef } from "./resource.ts";
import type { EntryPoint } from "./selection.ts";
import type { StreamRoute } from "./stream.ts";
import type { Transport } from "./transport.ts";

/** An Ingress by name, and where it was written. */
export interface IngressRef {
  readonly namespace: string;
  readonly name: string;
  readonly file: string;
  /** 1-based line of the rule's path (or of the Ingress, for its default backend); 0 where unknown. */
  readonly line: number;
}

/** The Service port that an Ingress names. Its namespace is always the Ingress's own. */
export interface Backend {
  readonly namespace: string;
  readonly service: string;
  readonly port: PortRef;
  /** Where annotations have a say in which endpoint answers. */
  readonly balancing?: Balancing | undefined;
}

/** The path of an Ingress that a route was made from, as written. */
export interface RouteRule {
  /** `""` where the rule is for every host. */
  readonly host: string;
  readonly path: string;
  readonly pathType: PathType;
  /** Whether the path is matched as a regular expression (host-wide in ingress-nginx). */
  readonly regex: boolean;
}

/** One thing a request can end at: a path of an Ingress, a default backend, or nothing (nginx's own 404). */
export interface Route {
  /** Stable over reloads that do not touch it: `default/basic www.basic1.com/path1 Prefix`. */
  readonly id: string;
  /** Absent for the controller's own default backend. */
  readonly ingress?: IngressRef | undefined;
  /** Absent for a default backend. */
  readonly rule?: RouteRule | undefined;
  /** Taken in this order, before `action`. */
  readonly steps: readonly Step[];
  readonly action: Action;
  readonly transport: Transport;
  /** Why a request that ends here does; made once, in `compile`. */
  readonly why: readonly Reason[];
}

/** The Service port that the rule names; `undefined` if the controller itself answers. */
export function mainBackend({ action }: Partial<Pick<Route, "action">>): Backend | undefined {
  return action?.kind === "forward" ? action.shares[0].backend : undefined;
}

/** A host that is served with a certificate of its own. */
export interface TlsHost {
  /** Lower case; may be a wildcard `*.basic1.com`. */
  readonly host: string;
  readonly namespace: string;
  readonly secretName: string;
  /** The Ingress whose `tls` section names the Secret. */
  readonly ingress: IngressRef;
}

/** Entry points, with their hosts and routes in matching order. Immutable: replaced whole, never patched. */
export interface RouteTable {
  /** Whose behaviour it is, by the name in the registry of controllers. */
  readonly controller: string;
  /** How the controller's data plane reads requests and answers. */
  readonly plane: Plane;
  /** The effect of the controller's own options on every request. */
  readonly options: ControllerOptions;
  /** Ports of the cluster. A scheme without one of its own is served by the first. */
  readonly entryPoints: readonly [EntryPoint, ...EntryPoint[]];
  readonly tlsHosts: readonly TlsHost[];
  /** TCP and UDP ports that are passed on byte for byte. */
  readonly streams: readonly StreamRoute[];
  /** Host names (and wildcards) for which a certificate is configured: those redirect http to https. */
  readonly tlsNames: ReadonlySet<string>;
  /**
   * Hosts that Ingresses name which are not served, lower case (`""`: every host). The reason says which Ingress, why, and
   * what to do.
   */
  readonly unserved: ReadonlyMap<string, Reason>;
  /**
   * `NAMESPACE/NAME` of the Secret that is served where a host has no certificate of its own
   * (`--default-ssl-certificate`).
   */
  readonly defaultCertificate?: string | undefined;
  /** Holds for answers that no location makes: error pages of the controller's ConfigMap. */
  readonly outside?: Route | undefined;
  /** Every route that an Ingress made, in the order of the Ingresses; what `routes` prints. */
  readonly routes: readonly Route[];
}
