import type { Addresses } from "../addresses.ts";
import type { Forwarded } from "../controller.ts";
import type { RequestFacts, Scheme } from "../decision.ts";
import type { Pattern } from "../pattern.ts";
import type { Plane } from "../plane.ts";
import type { Route } from "../route.ts";
import type { HostStep, VirtualHostTls } from "./host-step.ts";

/** A port of the controller in the cluster, and the search for its requests' routes. */
export interface EntryPoint {
  /** `http`, `https`; Traefik's `websecure`. Stable over reloads. */
  readonly name: string;
  readonly scheme: Scheme;
  /** The cluster's port; the proxy chooses its own. */
  readonly port: number;
  /** `NAMESPACE/NAME` of the Gateway, which has an address of its own. default: one address for all */
  readonly gateway?: string | undefined;
  /**
   * The name in the handshake that chooses it among those of its port: `a.test`, `*.a.test` with any number of labels,
   * `""` for every other name and none. default: it is alone on its port
   */
  readonly serverName?: string | undefined;
  /** "TLS": connections are passed on, with or without their TLS. default: HTTP or HTTPS, by the scheme */
  readonly protocol?: "TLS" | undefined;
  /** The reading and answering of its requests. default: the table's */
  readonly plane?: Plane | undefined;
  /** Which headers of its clients are trusted. default: as the table's options say */
  readonly forwarded?: Forwarded | undefined;
  /** Entry points may share one. */
  readonly selection: Selection;
}

/** The search for a request's route. */
export type Selection =
  /** Host first: the most specific host, then its list. */
  | { readonly kind: "hosts"; readonly hosts: HostTable }
  /** One list over all hosts: the host is a condition like any other. */
  | {
      readonly kind: "list";
      readonly host: VirtualHost;
      /** By name or one-label wildcard. default: as for every other host */
      readonly tls?: ReadonlyMap<string, VirtualHostTls> | undefined;
    };

/** Virtual hosts by lower-case name. Fields are searched in order. */
export interface HostTable {
  readonly exact: ReadonlyMap<string, VirtualHost>;
  /** `.a.test` for `*.a.test` with any number of labels; the longest wins. */
  readonly suffix: ReadonlyMap<string, VirtualHost>;
  /** `shop.` for nginx's `shop.*`; the longest wins. */
  readonly prefix: ReadonlyMap<string, VirtualHost>;
  /** `*.a.test` for exactly one label. */
  readonly oneLabel: ReadonlyMap<string, VirtualHost>;
  /**
   * Expressions; the first match wins. To nginx a one-label wildcard is an expression: it beats those of
   * hosts with later names.
   */
  readonly patterns: readonly HostPattern[];
  /** Every other host. */
  readonly any: VirtualHost;
  /** The meaning of `*` in a one-label wildcard. */
  readonly star: Star;
}

/** "word": `[\w-]+` (ingress-nginx); "some": at least one character; "none": may be empty (HAProxy). */
export type Star = "word" | "some" | "none";

/** A host name that is an expression. */
export interface HostPattern {
  readonly pattern: Pattern;
  readonly host: VirtualHost;
}

/** One host: the steps before its routes, and its routes. */
export interface VirtualHost {
  /** `www.basic1.com`, `*.basic1.com`, or `_` for every other host. */
  readonly name: string;
  /** Run in order before the search for an entry; nginx runs them again at an internal redirect. */
  readonly before: readonly HostStep[];
  /** In matching order, for `routes` and `explain`. */
  readonly entries: readonly RouteEntry[];
  /** The same entries, for searching. */
  readonly index: RouteIndex;
  /** Searched if no entry here matches. default: none */
  readonly next?: VirtualHost | undefined;
  /** Answers if no entry matches, here or in `next`. */
  readonly miss: RouteEntry;
  readonly tls?: VirtualHostTls | undefined;
}

/** A match that leads to a route: nginx's location, Traefik's router. Several may share a route. */
export interface RouteEntry {
  readonly kind: "route";
  readonly match: RouteMatch;
  readonly route: Route;
  /** Lowest wins. Among equal ranks production draws. Not used in nginx's order. */
  readonly rank: number;
  /** Production draws which of several entries it has: "kept" is here, "lost" is not. default: it has this one */
  readonly fate?: "kept" | "lost" | undefined;
  /** Replaces `route` on a laptop. Not with `--exact`. */
  readonly locally?: LocalRoute | undefined;
}

/** A route that a laptop has and production has not: a difference on purpose. */
export interface LocalRoute {
  readonly route: Route;
  /** Production's answer, with the reason. */
  readonly production: string;
}

export interface RouteMatch {
  readonly path: PathMatch;
  /** Any of these, in a list over all hosts. default: every host */
  readonly hosts?: readonly HostMatch[] | undefined;
  /** Further conditions. default: none */
  readonly when?: Condition | undefined;
}

/** A condition on the path; one char per byte. */
export type PathMatch =
  | {
      /**
       * "prefix-element": `/p` covers `/p`, `/p/` and everything below, but not `/px`; a trailing slash does
       * not count. "prefix-char": any beginning.
       */
      readonly kind: "exact" | "prefix-element" | "prefix-char";
      readonly path: string;
      /** Ignores case (ASCII). */
      readonly fold?: true | undefined;
      /** nginx's `^~`: if this is the longest prefix, no expression is tried. */
      readonly final?: true | undefined;
    }
  | {
      readonly kind: "pattern";
      readonly pattern: Pattern;
      /** The location's path as the controller writes it. */
      readonly path: string;
      /** For a path of type Exact, or the exact half of a Prefix (ingress-nginx). */
      readonly exact: boolean;
    }
  | { readonly kind: "any" };

/** A condition on the host, lower case: `a.test`; `*.a.test` for "suffix" and "one-label". */
export type HostMatch =
  | { readonly kind: "exact" | "suffix" | "one-label"; readonly name: string }
  /** `dot`: "seen" with the final dot that a client may write. default: without */
  | { readonly kind: "pattern"; readonly pattern: Pattern; readonly dot?: "seen" | undefined };

/** A condition that no index covers. */
export type Condition =
  | { readonly kind: "all" | "one-of"; readonly of: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition }
  | { readonly kind: "host"; readonly host: HostMatch }
  /** `withQuery`: the query is part of it, as in Envoy's `:path`. default: it is not */
  | { readonly kind: "path"; readonly path: PathMatch; readonly withQuery?: true | undefined }
  | { readonly kind: "method"; readonly methods: ReadonlySet<string> }
  /**
   * `name` in lower case; `:authority` and `:method` are those of the request (RFC 9113 section 8.3.1).
   * `lines`: each is tried alone. default: repeated lines are joined by commas (RFC 9110 section 5.3)
   */
  | {
      readonly kind: "header";
      readonly name: string;
      readonly value: TextTest;
      readonly lines?: "alone" | undefined;
    }
  /** Any value of a parameter. "form": decodes `%XX` and `+` first; "first-as-sent": only the first value. */
  | {
      readonly kind: "query";
      readonly name: string;
      readonly value: TextTest;
      readonly read: "form" | "as-sent" | "first-as-sent";
    }
  /** The connection's address, or the client's by trusted headers. */
  | { readonly kind: "from"; readonly addresses: Addresses; readonly whose: "connection" | "client" };

/** A condition on an optional text; an absent one never matches. */
export type TextTest =
  | { readonly kind: "present" }
  | {
      readonly kind: "is" | "starts" | "ends" | "contains";
      readonly text: string;
      readonly fold?: true | undefined;
    }
  | { readonly kind: "pattern"; readonly pattern: Pattern };

/** A request as an index looks it up. */
export interface RouteLookup {
  readonly request: RequestFacts;
  /** The host as in tables. */
  readonly name: string;
  /** Normalised; one char per byte. The query is raw, without `?`. */
  readonly path: { readonly path: string; readonly query: string };
}

/** Opaque outside `src/select`; its cost is independent of the number of entries. */
export interface RouteIndex {
  readonly find: (lookup: RouteLookup) => RouteFound | undefined;
  /** The entries in the order in which they are tried, for `explain --tree`. */
  readonly inOrder: () => readonly RouteEntry[];
}

/** The result of a search in one list. */
export type RouteFound =
  | RouteEntry
  /** Production draws one of these; the first is used here. */
  | {
      readonly kind: "one-of";
      readonly entries: readonly [RouteEntry, ...RouteEntry[]];
      /** Production may have none of them; where that stands in the list. default: it has one */
      readonly missAt?: number | undefined;
    }
  /** The path lacks only a location's slash: 301 (nginx ngx_http_core_module.c, auto_redirect). */
  | { readonly kind: "slash"; readonly route: Route }
  /** A path that the controller reserves (nginx.tmpl, `location /healthz`). */
  | { readonly kind: "own-path"; readonly path: string }
  /** An expression exceeded a request's step limit. */
  | { readonly kind: "too-complex"; readonly pattern: Pattern };
