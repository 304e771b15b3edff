import type { Balancing } from "./balancing.ts";
import type { ControllerOptions } from "./controller.ts";
import type { Pattern } from "./pattern.ts";
import type { Plane } from "./plane.ts";
import type { Reason } from "./reason.ts";
import type { PathType, PortRef } from "./resource.ts";
import type { ServerSettings } from "./settings/server.ts";
import type { VariableText } from "./settings/variable-text.ts";
import type { RouteSettings } from "./settings.ts";
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
  /** Absent where there is none to speak to (a `resource` backend, the controller's own default backend): 404. */
  readonly backend?: Backend | undefined;
  readonly settings: RouteSettings;
  readonly transport: Transport;
  /** Why a request that ends here does; made once, in `compile`. */
  readonly why: readonly Reason[];
}

/** One `location` block of nginx. Several may lead to one route (`/p/` and `= /p`). */
export type Location =
  | { readonly kind: "exact"; readonly path: string; readonly route: Route }
  | { readonly kind: "prefix"; readonly path: string; readonly route: Route }
  | {
      readonly kind: "regex";
      /** Of the path as nginx's location has it: `/p/` and `/p` for the Prefix `/p`. */
      readonly pattern: Pattern;
      /** The half of a Prefix that is a location of its own for the path alone, or a path of type Exact. */
      readonly exact: boolean;
      readonly route: Route;
    };

/** One `server` block of nginx: a host name and its locations. */
export interface Host {
  /** Lower case: `www.basic1.com`, `*.basic1.com`, or `_` for every other host. */
  readonly name: string;
  /** Regex mode: every location is a regular expression, the first that matches wins. */
  readonly regex: boolean;
  /** In matching order for a regex host; longest first otherwise. As `routes` and `explain` list them. */
  readonly locations: readonly Location[];
  /** The same by path, for a host that is not in regex mode. */
  readonly exact: ReadonlyMap<string, Route>;
  readonly prefix: ReadonlyMap<string, Route>;
  /** How long the prefixes are, each length once, longest first: no other cut of a path needs looking up. */
  readonly prefixLengths: readonly number[];
  /** Paths that lack only the slash of a location that ends in one: 301 to it. By the path without the slash. */
  readonly slashless: ReadonlyMap<string, Route>;
  /** `app-root`: where a request for `/` is sent, and the route whose Ingress says so. */
  readonly appRoot?: { readonly target: VariableText; readonly route: Route } | undefined;
  /** What annotations make of the server as a whole; absent where nothing does. */
  readonly server?: ServerSettings | undefined;
  /** `from-to-www-redirect`: the host is here only to be redirected to another, because a route's Ingress says so. */
  readonly redirectsTo?: { readonly host: string; readonly route: Route } | undefined;
  /** Other names of this host that are plain names or wildcards (`server-alias`). */
  readonly aliases: readonly string[];
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

/** Hosts to routes in matching order. Immutable: replaced whole, never patched. */
export interface RouteTable {
  /** Whose behaviour it is, by the name in the registry of controllers. */
  readonly controller: string;
  /** How the controller's data plane reads requests and answers. */
  readonly plane: Plane;
  /** What the controller's own options do to every request. */
  readonly options: ControllerOptions;
  /** Exact names and aliases, lower case. */
  readonly exactHosts: ReadonlyMap<string, Host>;
  /** Wildcards by name, `*.basic1.com`: exactly one label. */
  readonly wildcardHosts: ReadonlyMap<string, Host>;
  /** Aliases that start with `*.`, by what follows the star (`.basic1.com`): any number of labels, as nginx has it. */
  readonly suffixHosts: ReadonlyMap<string, Host>;
  /** Aliases that end in `.*`, by what stands before the star (`shop.`): anything may follow. */
  readonly prefixHosts: ReadonlyMap<string, Host>;
  /**
   * Aliases that are regular expressions (`~^www\d+\.basic1\.com$`), first match wins. A wildcard is one to nginx: it is
   * tried before those of hosts whose names come after its own.
   */
  readonly regexHosts: readonly { readonly pattern: Pattern; readonly host: Host }[];
  /** `_`: every other host. */
  readonly defaultHost: Host;
  readonly tlsHosts: readonly TlsHost[];
  /** TCP and UDP ports that are passed on byte for byte. */
  readonly streams: readonly StreamRoute[];
  /** Host names (and wildcards) for which a certificate is configured: those redirect http to https. */
  readonly tlsNames: ReadonlySet<string>;
  /**
   * Where a host that nobody names goes although the controller itself would answer 404: the default backend of an
   * Ingress that has rules as well, as the Kubernetes documentation promises. Not used with `--exact`.
   */
  readonly strayDefault?: Route | undefined;
  /**
   * Hosts that Ingresses name which are not served, lower case (`""`: every host); why, and what to do.
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
