import type { Problem } from "../model/problem.ts";
import { type Reason, reason } from "../model/reason.ts";
import type { Ingress } from "../model/resource.ts";
import type { RouteTable } from "../model/route.ts";
import type { Steps } from "../steps.ts";
import type { Revision } from "./memory.ts";
import { ingressName } from "./problem.ts";
import { query } from "./query.ts";
import { refOf } from "./route.ts";

export interface Unserved {
  readonly ingress: Ingress;
  /** A clause: `its class is public, and there is no IngressClass "public"`. */
  readonly why: string;
  readonly fix: string;
}

/** The Ingresses that are lost, and why. */
export function lostIngresses(
  ingresses: readonly Ingress[],
  losses: readonly Problem[],
): readonly Unserved[] {
  const refusals = losses.filter(({ lost }) => lost === "ingress");
  if (refusals.length === 0) return [];
  const byName = new Map(ingresses.map((ingress) => [ingressName(ingress), ingress]));
  return refusals.flatMap(({ object, message, fix }) => {
    const name = `${object?.namespace}/${object?.name}`;
    const ingress = byName.get(name);
    return ingress === undefined ? [] : [{ ingress, why: message.replace(`Ingress ${name}: `, ""), fix }];
  });
}

/** A sentence per host of these Ingresses, for requests that match no Ingress. A host's first one counts. */
export function* unservedHosts(
  unserved: readonly Unserved[],
  revision: Revision,
): Steps<RouteTable["unserved"]> {
  const hosts = new Map<string, Reason>();
  for (const one of unserved) {
    for (const [name, why] of revision.for(UNSERVED_HOSTS, one)) if (!hosts.has(name)) hosts.set(name, why);
    yield;
  }
  return hosts;
}

const UNSERVED_HOSTS = query<Unserved, ReadonlyMap<string, Reason>>("hosts without service", (unserved) => {
  const { ingress, why, fix } = unserved;
  const hosts = new Map<string, Reason>();
  for (const { host } of ingress.spec.rules) {
    const name = host.toLowerCase();
    const names = host === "" ? "has rules for every host" : `names the host ${host}`;
    if (hosts.has(name)) continue;
    const text = `Ingress ${ingressName(ingress)} ${names}, but is ignored: ${why}. ${fix}`;
    hosts.set(name, reason("unserved", text, refOf(ingress, "spec.rules")));
  }
  return hosts;
});
