import { reason } from "../../model/reason.ts";
import type { CustomResource } from "../../model/resource.ts";
import type { HostStep } from "../../model/route/host-step.ts";
import type { Condition, HostTable, RouteEntry, VirtualHost } from "../../model/route/selection.ts";
import type { Route } from "../../model/route.ts";
import type { TlsTerms } from "../../model/tls/server-tls.ts";
import { compileRe2 } from "../../re2/re2.ts";
import { rankOrder } from "../../select/rank-order.ts";
import type { Steps } from "../../steps.ts";
import type { OwnRoute } from "../controller.ts";
import { notFoundRoute } from "../route.ts";
import { connectionHost } from "../shared/connection-host.ts";
import { keyOfDraft, matchOf, ownRouteOf, type RouteDraft } from "./draft.ts";
import { inEnvoysOrder } from "./route-order.ts";
import { contourTransport } from "./transport.ts";

/**
 * Two Ingresses with one key: a Go map decides at each rebuild which of them is there. Or routes of one path whose conditions
 * are of one order: it decides which comes first.
 */
export interface Drawn {
  readonly what: "one of them" | "their order";
  readonly host: string;
  readonly drafts: readonly [RouteDraft, RouteDraft, ...RouteDraft[]];
}

/** The virtual hosts of one port, `*` for every other name, while routes are put into them. */
export class Hosts {
  readonly #hosts = new Map<string, Map<string, readonly [RouteDraft, ...RouteDraft[]]>>();

  readonly #tcp = new Map<string, TcpHost>();

  has(host: string): boolean {
    return this.#hosts.has(host) || this.#tcp.has(host);
  }

  name(host: string): Map<string, readonly [RouteDraft, ...RouteDraft[]]> {
    const known = this.#hosts.get(host);
    if (known !== undefined) return known;
    const made = new Map<string, readonly [RouteDraft, ...RouteDraft[]]>();
    this.#hosts.set(host, made);
    return made;
  }

  /** In place of the same key of the same Ingress, and beside that of another one. */
  addOfIngress(host: string, draft: RouteDraft): void {
    const routes = this.name(host);
    const key = keyOfDraft(draft);
    const others = routes.get(key)?.filter(({ owner }) => owner !== draft.owner) ?? [];
    const [first, ...rest] = others;
    routes.set(key, first === undefined ? [draft] : [first, ...rest, draft]);
  }

  /** In place of every route with the same key. */
  addOfProxy(host: string, draft: RouteDraft): void {
    // On a wildcard's host all but these ask for one label, so their keys differ.
    const isApart = draft.isOwn === false && host.startsWith("*.");
    this.name(host).set(`${isApart ? "apart " : ""}${keyOfDraft(draft)}`, [draft]);
  }

  /** A host whose connections are joined with a Service's. */
  addTcp(host: string, tcp: TcpHost): void {
    this.#tcp.set(host, tcp);
  }

  drawn(): readonly Drawn[] {
    return [...this.#hosts].flatMap(([host, routes]) =>
      [...routes.values()].flatMap(([first, second, ...others]): readonly Drawn[] =>
        second === undefined ? [] : [{ what: "one of them", host, drafts: [first, second, ...others] }],
      ),
    );
  }

  /** Of routes whose order is drawn. */
  unordered(): readonly Drawn[] {
    return [...this.#hosts].flatMap(([host, routes]) =>
      inEnvoysOrder([...routes.values()], ([first]) => first, host.startsWith("*.")).flatMap(
        (group): readonly Drawn[] => {
          const [first, second, ...others] = group.map(([draft]) => draft);
          if (first === undefined || second === undefined) return [];
          return [{ what: "their order", host, drafts: [first, second, ...others] }];
        },
      ),
    );
  }

  *build(settings: HostSettings): Steps<Built> {
    const exact = new Map<string, VirtualHost>();
    const suffix = new Map<string, VirtualHost>();
    const routes: OwnRoute[] = [];
    let any = virtualHost("*", [], settings);
    const add = (name: string, host: VirtualHost) => {
      if (name === "*") any = host;
      else if (name.startsWith("*.")) suffix.set(name.slice(1), host);
      else exact.set(name, host);
    };
    for (const [name, keyed] of this.#hosts) {
      const groups = inEnvoysOrder([...keyed.values()], ([first]) => first, name.startsWith("*."));
      const drafts = groups.map((group) => group.flat());
      add(name, virtualHost(name, drafts, settings));
      for (const same of drafts) for (const draft of same) routes.push(ownRouteOf(draft));
      yield;
    }
    for (const [name, tcp] of this.#tcp) {
      add(name, connectionHost(name, tcp.route, tcp.isPassed, settings.terms(name)));
      routes.push({ ingress: tcp.owner, route: tcp.route });
    }
    const none = { prefix: new Map(), oneLabel: new Map(), patterns: [] };
    return { routes, hosts: { exact, suffix, ...none, any, star: "some" } };
  }
}

/** A route for connections, and who wrote it. `isPassed`: TLS is not ended. */
export interface TcpHost {
  readonly owner: CustomResource;
  readonly route: Route;
  readonly isPassed: boolean;
}

/** Of hosts by name. */
export interface HostSettings {
  readonly before: (host: string) => readonly HostStep[];
  readonly terms: (host: string) => TlsTerms | undefined;
}

interface Built {
  readonly hosts: HostTable;
  /** In matching order. */
  readonly routes: readonly OwnRoute[];
}

function virtualHost(
  name: string,
  drafts: readonly (readonly RouteDraft[])[],
  { before, terms }: HostSettings,
): VirtualHost {
  const label = name.startsWith("*.") ? oneLabel(name) : [];
  const entries = drafts.flatMap((same, rank) =>
    same.map((draft): RouteEntry => {
      const more = draft.isOwn === false ? [] : label;
      return { kind: "route", match: matchOf(draft, more), route: draft.route, rank };
    }),
  );
  const index = rankOrder(entries, { ties: "drawn" });
  const route = name === "*" ? NO_HOST : noPathOf(name);
  const miss: RouteEntry = { kind: "route", match: { path: { kind: "any" } }, rank: entries.length, route };
  const tls = terms(name);
  return {
    name: name === "*" ? "_" : name,
    before: before(name),
    ...{ entries, index, miss },
    tls: tls && { terms: tls },
  };
}

/** Envoy's wildcard takes any depth, so each route asks for one label, in the form that the client wrote. */
function oneLabel(name: string): readonly Condition[] {
  const domain = name.slice(1).replaceAll(".", "\\.");
  const compiled = compileRe2(`[a-z0-9]([-a-z0-9]*[a-z0-9])?${domain}(:[0-9]+)?`, { extent: "whole" });
  if (compiled.kind === "refused") return [];
  return [{ kind: "header", name: ":authority", value: { kind: "pattern", pattern: compiled.pattern } }];
}

const NO_HOST = missing("*", reason("no-rule-for-host", "no Ingress or HTTPProxy has this host"));

function noPathOf(host: string): Route {
  return missing(host, reason("no-rule-for-path", "no route of this host covers the request"));
}

function missing(host: string, why: ReturnType<typeof reason>): Route {
  const action = { kind: "respond", status: 404, text: "", why: [] } as const;
  return notFoundRoute(host, { steps: [], action, transport: contourTransport("") }, [why]);
}
