import type { Problem } from "../../model/problem.ts";
import type { Ingress } from "../../model/resource.ts";
import type { RouteTable } from "../../model/route.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { type Backing, backingOf } from "../../service/backing.ts";
import { addressForName } from "../../service/external-name.ts";
import { groupBy } from "../../service/group-by.ts";
import { indexServices, type ServiceIndex } from "../../service/index.ts";
import { podsOf } from "../../service/pods.ts";
import { portText } from "../../service/port.ts";
import type { CompileOptions } from "../options.ts";
import { absentServices } from "./absent.ts";
import { contradiction, serviceWithoutEndpoints, withoutPods } from "./present.ts";
import { type ServiceUse, serviceUses } from "./uses.ts";

/** ExternalNames that lead from Service to Service; a longer chain is a circle. */
const MOST_HOPS = 8;

/** controller.go, serviceEndpoints. */
const NO_EXTERNAL_NAMES =
  "it is an ExternalName, and the controller is started with --disable-svc-external-name";

/**
 * Contradictions between Services and their users: an absent port, no endpoints, or an absent name in a
 * namespace with Services.
 *
 * Files may be a part of what is applied, so an absent Service may still be in the cluster.
 */
export function serviceProblems(
  ingresses: readonly Ingress[],
  snapshot: Snapshot,
  table: Pick<RouteTable, "routes" | "streams">,
  { completeness = "partial", flags }: Pick<CompileOptions, "completeness" | "flags">,
): readonly Problem[] {
  if (snapshot.services.length === 0) return [];
  const index = indexServices(snapshot);
  const uses = serviceUses(ingresses, table);
  const absent: ServiceUse[] = [];
  const problems = [...byBackend(uses).values()].flatMap((same): readonly Problem[] => {
    const [use] = same;
    if (use === undefined) return [];
    const first = backingOf(use.backend, index);
    if (flags?.disableSvcExternalName === true && "service" in first && first.service.type === "ExternalName")
      return [serviceWithoutEndpoints({ service: first.service, reason: NO_EXTERNAL_NAMES }, same)];
    const backing = lastBacking(first, index);
    if (backing.kind === "absent") absent.push(use);
    return judge(backing, same, index, completeness);
  });
  return [...problems, ...absentServices(absent, uses, snapshot.services, completeness)];
}

function byBackend(uses: readonly ServiceUse[]): ReadonlyMap<string, readonly ServiceUse[]> {
  return groupBy(uses, ({ backend: { namespace, service, port } }) => [
    `${namespace}/${service}:${portText(port)}`,
  ]);
}

/** Follows ExternalNames that stand for other Services. A missing one is not reported. */
function lastBacking(first: Backing, index: ServiceIndex): Backing {
  let backing = first;
  for (let hop = 0; backing.kind === "elsewhere" && hop < MOST_HOPS; hop++) {
    const next = backingOf(backing.backend, index);
    if (next.kind === "absent") return backing;
    backing = next;
  }
  return backing;
}

function judge(
  backing: Backing,
  uses: readonly ServiceUse[],
  index: ServiceIndex,
  completeness: NonNullable<CompileOptions["completeness"]>,
): readonly Problem[] {
  if (backing.kind === "none") {
    return [
      backing.fault === "port"
        ? contradiction(backing.service, uses)
        : serviceWithoutEndpoints(backing, uses),
    ];
  }
  if (backing.kind === "address") {
    const useless = addressForName(backing.host);
    if (useless === undefined) return [];
    const reason = `${useless} (ingress-dev asks it all the same, but not with --exact)`;
    return [serviceWithoutEndpoints({ service: backing.service, reason }, uses)];
  }
  // A cluster's pods come and go; requests show what answers now.
  if (backing.kind !== "port" || completeness === "whole") return [];
  const { service, port } = backing;
  const pods = podsOf(service, port, index);
  if (pods.kind === "none") {
    // Nobody writes 0 replicas by mistake.
    const level = pods.cause === "replicas" ? "notice" : "warning";
    return [serviceWithoutEndpoints({ service, reason: pods.reason }, uses, level)];
  }
  return withoutPods(service, index, uses);
}
