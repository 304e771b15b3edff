import type { Scheme } from "../model/decision.ts";
import type { Problem } from "../model/problem.ts";
import type { Route, RouteTable } from "../model/route.ts";
import type { SampleRequest } from "../model/sample-request.ts";
import { findVirtualHost, isNamed } from "../select/host.ts";
import { selectionFor } from "../select/table.ts";
import { findingOf } from "./finding.ts";
import { type Examined, everyHost, getOf, nameFor, witnessUrl } from "./probe.ts";

/** Browsers give up after some twenty. A chain that grows without end has to end here. */
const MOST_HOPS = 50;

/** Redirects that lead back to where they began, within one table. */
export function* redirectLoops(examined: Examined): Iterable<Problem> {
  const seen = new Set<string>();
  const passed = new Set<string>();
  for (const start of starts(examined.table)) {
    const loop = follow(examined, start, passed);
    if (loop === undefined) continue;
    // By https it is the same circle.
    const key = loop.urls
      .map((url) => url.replace(/^https/, "http"))
      .toSorted()
      .join(" ");
    if (seen.has(key)) continue;
    seen.add(key);
    const [first = ""] = loop.urls;
    const way = [...loop.urls, first].join(" → ");
    yield findingOf(examined, loop.route, {
      code: "redirect-loop",
      level: "warning",
      message: `redirects go in a circle: ${way}`,
      fix: "Redirect to a path or host that no redirect of these Ingresses leads back from.",
      witness: loop.request,
    });
  }
}

/** Requests of routes and hosts that redirect to more than https. */
function* starts(table: RouteTable): Iterable<SampleRequest> {
  for (const host of everyHost(table)) {
    const name = nameFor(host);
    if (host.before.some(({ kind }) => kind === "app-root" || kind === "host-redirect"))
      for (const scheme of SCHEMES) yield getOf(scheme, name, "/");
    for (const { route } of host.entries) {
      if (!isRedirecting(route)) continue;
      const path = route.rule?.path ?? "/";
      const target = /^\/[\w/.~-]*/.exec(path)?.[0] ?? "/";
      for (const scheme of SCHEMES) yield getOf(scheme, name, target);
    }
  }
}

const SCHEMES: readonly Scheme[] = ["http", "https"];

function isRedirecting({ steps }: Route): boolean {
  return steps.some(
    (step) =>
      step.kind === "redirect" ||
      (step.kind === "rewrite" && /^(?:https?:\/\/|\$scheme)/.test(step.target.source)),
  );
}

interface Loop {
  readonly request: SampleRequest;
  readonly route: Route;
  readonly urls: readonly string[];
}

/** Each URL is asked once: where it leads is known then. `asked`: by earlier chains */
function follow(examined: Examined, start: SampleRequest, asked: Set<string>): Loop | undefined {
  const passed = new Map<string, Loop>();
  let request: SampleRequest | undefined = start;
  for (let hops = 0; request !== undefined && hops <= MOST_HOPS; hops += 1) {
    const url = witnessUrl(request);
    const known = passed.get(url);
    if (known !== undefined) {
      const urls = [...passed.keys()];
      // A location that no Ingress names has the annotations of its host's.
      const owned = [known, ...passed.values()].map((loop) => ownerOf(examined, loop));
      return {
        ...known,
        route: owned.find(({ ingress }) => ingress !== undefined) ?? known.route,
        urls: urls.slice(urls.indexOf(url)),
      };
    }
    if (asked.has(url)) return undefined;
    asked.add(url);
    const { decision } = examined.outcome(request);
    if (decision.kind !== "redirect" || decision.route === undefined) return undefined;
    passed.set(url, { request, route: decision.route, urls: [] });
    request = next(examined, request, decision.location);
  }
  return undefined;
}

/** The route, or one of its host's whose Ingress asks for the same redirect. */
function ownerOf({ table }: Examined, { request, route }: Loop): Route {
  const redirect = route.steps.find(({ kind }) => kind === "redirect");
  if (route.ingress !== undefined || redirect === undefined) return route;
  const [, name = ""] = request.headers[0] ?? [];
  const { entries } = findVirtualHost(selectionFor(table, { ...request, host: name }), name);
  const wanted = JSON.stringify(redirect);
  const owner = entries.find(
    ({ route: { ingress, steps } }) =>
      ingress !== undefined && steps.some((step) => JSON.stringify(step) === wanted),
  );
  return owner?.route ?? route;
}

/** `undefined`: it leads to somebody else. */
function next({ table, ports }: Examined, from: SampleRequest, location: string): SampleRequest | undefined {
  const [, host = ""] = from.headers[0] ?? [];
  if (location.startsWith("/") && !location.startsWith("//")) return getOf(from.scheme, host, location);
  const [, scheme = "", name = "", port, rest = ""] =
    /^(https?):\/\/([^/?#:]+)(?::(\d+))?([^#]*)/i.exec(location) ?? [];
  const to: Scheme = scheme.toLowerCase() === "https" ? "https" : "http";
  const named = name.toLowerCase();
  const isOurs = named === host || isNamed(selectionFor(table, { scheme: to, host: named }), named);
  if (name === "" || !isOurs || (port !== undefined && !ports.includes(Number(port)))) return undefined;
  return getOf(to, named, rest.startsWith("/") ? rest : `/${rest}`);
}
