import type { Addresses } from "./addresses.ts";
import type { RequestFacts, Scheme } from "./decision.ts";
import type { HostStep, VirtualHostTls } from "./host-step.ts";
import type { Pattern } from "./pattern.ts";
import type { Route } from "./route.ts";

/** A port that the controller listens at in the cluster, and how its requests find their routes. */
export interface EntryPoint {
  /** `http`, `https`; Traefik's `websecure`. Stable over reloads. */
  readonly name: string;
  readonly scheme: Scheme;
  /** In the cluster. The proxy chooses a port of its own. */
  readonly port: number;
  /** Often one object for several entry points. */
  readonly selection: Selection;
}

/** How a request finds its route. */
export type Selection =
  /** Host first: the most specific host of the name, then its list. */
  | { readonly kind: "hosts"; readonly hosts: HostTable }
  /** One list over all hosts: the host is a condition of an entry like any other. */
  | { readonly kind: "list"; readonly host: VirtualHost };

/** Virtual hosts by name, lower case. The order of fields is the order of the search. */
export interface HostTable {
  readonly exact: ReadonlyMap<string, VirtualHost>;
  /** `.a.test` for `*.a.test` with any number of labels; the longest wins. */
  readonly suffix: ReadonlyMap<string, VirtualHost>;
  /** `shop.` for nginx's `shop.*`; the longest wins. */
  readonly prefix: ReadonlyMap<string, VirtualHost>;
  /** `*.a.test` for exactly one label. */
  readonly oneLabel: ReadonlyMap<string, VirtualHost>;
  /**
   * Expressions; the first that matches wins. A one-label wildcard is an expression to nginx: it beats those of hosts
   * whose names come after its own.
   */
  readonly patterns: readonly HostPattern[];
  /** Every other host. */
  readonly any: VirtualHost;
  /** What the star of a one-label wildcard stands for. */
  readonly star: Star;
}

/** "word": `[\w-]+` (ingress-nginx); "some": at least one character; "none": may be empty (HAProxy). */
export type Star = "word" | "some" | "none";

/** A host name that is an expression. */
export interface HostPattern {
  readonly pattern: Pattern;
  readonly host: VirtualHost;
}

/** One host: what is asked before its routes, and its routes. */
export interface VirtualHost {
  /** `www.basic1.com`, `*.basic1.com`, or `_` for every other host. */
  readonly name: string;
  /** Asked in this order before an entry is looked for; nginx asks again at an internal redirect. */
  readonly before: readonly HostStep[];
  /** As `routes` and `explain` list them: in matching order. */
  readonly entries: readonly RouteEntry[];
  /** The same, for searching. */
  readonly index: RouteIndex;
  /** Searched where no entry here holds. default: none */
  readonly next?: VirtualHost | undefined;
  /** Answers where no entry holds, here or in `next`. */
  readonly miss: RouteEntry;
  readonly tls?: VirtualHostTls | undefined;
}

/** A match that leads to a route: a location of nginx, a router of Traefik. Several may lead to one route. */
export interface RouteEntry {
  readonly kind: "route";
  readonly match: RouteMatch;
  readonly route: Route;
  /** Lowest first. Equal ranks: production draws among them. Not read in nginx's order. */
  readonly rank: number;
  /** Answers in place of `route` on a laptop, where production would answer 404. Not with `--exact`. */
  readonly locally?: Route | undefined;
}

/** What holds of the requests that an entry is for. */
export interface RouteMatch {
  readonly path: PathMatch;
  /** Any of these, in a list over all hosts. default: every host */
  readonly hosts?: readonly HostMatch[] | undefined;
  /** Everything else. default: nothing */
  readonly when?: Condition | undefined;
}

/** A condition on the path. Texts are one char a byte, as a request's path is. */
export type PathMatch =
  | {
      /**
       * "prefix-element": `/p` covers `/p`, `/p/` and what is below, but not `/px`; a slash at its end does not count.
       * "prefix-char": whatever begins so.
       */
      readonly kind: "exact" | "prefix-element" | "prefix-char";
      readonly path: string;
      /** Without regard to case (ASCII). */
      readonly fold?: true | undefined;
      /** nginx's `^~`: no expression is tried where this is the longest prefix. */
      readonly final?: true | undefined;
    }
  | {
      readonly kind: "pattern";
      readonly pattern: Pattern;
      /** The path as the controller names the location. */
      readonly path: string;
      /** The location is that of a path of type Exact, or of the exact half of a Prefix (ingress-nginx). */
      readonly exact: boolean;
    }
  | { readonly kind: "any" };

/** A condition on the host. Names are lower case: `a.test`; `*.a.test` for "suffix" and "one-label". */
export type HostMatch =
  | { readonly kind: "exact" | "suffix" | "one-label"; readonly name: string }
  | { readonly kind: "pattern"; readonly pattern: Pattern };

/** A condition that no index knows. */
export type Condition =
  | { readonly kind: "all" | "one-of"; readonly of: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition }
  | { readonly kind: "host"; readonly host: HostMatch }
  | { readonly kind: "path"; readonly path: PathMatch }
  | { readonly kind: "method"; readonly methods: ReadonlySet<string> }
  /** `name` in lower case; several lines are joined by commas (RFC 9110 section 5.3). */
  | { readonly kind: "header"; readonly name: string; readonly value: TextTest }
  /** Any value of a parameter. "form": `%XX` and `+` are decoded first. */
  | {
      readonly kind: "query";
      readonly name: string;
      readonly value: TextTest;
      readonly read: "form" | "as-sent";
    }
  /** The client's address: of the connection, or the one that trusted headers name. */
  | { readonly kind: "from"; readonly addresses: Addresses; readonly whose: "connection" | "client" };

/** A condition on a text that may be absent; absence fulfils none. */
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
  /** Of the host, as tables have it. */
  readonly name: string;
  /** Normalised, one char a byte. */
  readonly path: string;
  /** Raw, without `?`. */
  readonly query: string;
}

/** Made in `src/select`, which alone knows what is inside: its cost does not depend on how many entries there are. */
export interface RouteIndex {
  readonly find: (lookup: RouteLookup) => RouteFound | undefined;
}

/** A result of a search in one list. */
export type RouteFound =
  | RouteEntry
  /** Production draws one of these; the first is taken here. */
  | { readonly kind: "one-of"; readonly entries: readonly [RouteEntry, ...RouteEntry[]] }
  /** The path lacks only the slash of a location: 301 (nginx ngx_http_core_module.c, auto_redirect). */
  | { readonly kind: "slash"; readonly route: Route }
  /** A path that the controller keeps for itself (nginx.tmpl, `location /healthz`). */
  | { readonly kind: "own-path"; readonly path: string }
  /** An expression that took more steps than a request may. */
  | { readonly kind: "too-complex"; readonly pattern: Pattern };
