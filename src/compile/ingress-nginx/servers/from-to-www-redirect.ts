import type { Problem } from "../../../model/problem.ts";
import { type Reason, reason } from "../../../model/reason.ts";
import type { HostStep } from "../../../model/route/host-step.ts";
import type { VirtualHost } from "../../../model/route/selection.ts";
import { type Route, routeWith } from "../../../model/route.ts";
import { ingressName, problemOf } from "../../problem.ts";
import { placeOf } from "../../route.ts";
import { PREFIX } from "../prefix.ts";
import type { ServerDraft, SettledIngress } from "../servers.ts";
import { stopInWords } from "../stops.ts";

/** A server that only redirects, from `www.shop.test` to `shop.test` or the reverse. */
export interface WwwRedirect {
  readonly from: string;
  readonly to: ServerDraft;
  readonly owner: SettledIngress;
}

/**
 * The servers that only redirect: one per server with a path of an Ingress with the annotation, unless the other
 * name is a server itself (controller/nginx.go, buildRedirects).
 */
export function wwwRedirects(servers: ReadonlyMap<string, ServerDraft>): {
  readonly redirects: readonly WwwRedirect[];
  readonly problems: readonly Problem[];
} {
  const redirects: WwwRedirect[] = [];
  const problems: Problem[] = [];
  for (const to of servers.values()) {
    const asking = to.locations.find(({ owner, rule }) => rule !== undefined && owner?.settings.fromToWww);
    const owner = asking?.owner;
    if (owner === undefined) continue;
    const { host } = to;
    const from = host.startsWith("www.") ? host.slice(4) : `www.${host}`;
    if (host === "" || host.includes("*")) problems.push(noOtherName(owner, to));
    else if (servers.has(from)) problems.push(taken(owner, from));
    else redirects.push({ from, to, owner });
  }
  return { redirects, problems };
}

function noOtherName({ ingress }: SettledIngress, { host }: ServerDraft): Problem {
  const fix = "Give the redirect to Ingresses whose hosts are plain names.";
  if (host === "") return problem(ingress, "a rule without a host has no other name to redirect from", fix);
  const stops = `invalid server name or wildcard "www.${host}"`;
  const what = `"www.${host}" is no name that nginx takes: ${stopInWords(stops)}`;
  return { ...problem(ingress, what, fix), code: "controller-stops", level: "error", stops };
}

function taken({ ingress }: SettledIngress, from: string): Problem {
  const what = `"${from}" is the host of an Ingress, so nothing is redirected from it`;
  return problem(ingress, what, "Remove the annotation, or the rules for that host.");
}

function problem(ingress: SettledIngress["ingress"], what: string, fix: string): Problem {
  const name = "nginx.ingress.kubernetes.io/from-to-www-redirect";
  return problemOf(ingress, {
    code: "annotation-surprising",
    level: "warning",
    field: `metadata.annotations[${name}]`,
    message: `Ingress ${ingressName(ingress)}: ${name}: ${what}`,
    fix,
  });
}

/** The step of a host that only redirects. It has no location, so no body limit. */
export function hostRedirectStep(
  { from, to, owner }: WwwRedirect,
  target: VirtualHost | undefined,
): HostStep | undefined {
  const { name, namespace } = owner.ingress.metadata;
  const route = target?.entries
    .map((entry) => entry.route)
    .find(({ ingress }) => ingress?.namespace === namespace && ingress.name === name);
  if (route === undefined) return undefined;
  const text = `the annotation from-to-www-redirect of Ingress ${ingressName(owner.ingress)} sends ${from} to ${to.host}`;
  const field = `metadata.annotations[${PREFIX}from-to-www-redirect]`;
  const why = reason("from-to-www-redirect", text, placeOf(owner.ingress, field));
  return { kind: "host-redirect", host: to.host, route: withReason(route, why) };
}

function withReason(route: Route, why: Reason): Route {
  const transport = { ...route.transport, bodyLimit: 0 };
  return routeWith(route, { transport, why: [why, ...route.why] });
}
