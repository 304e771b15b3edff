import { append } from "../../append.ts";
import type { Problem } from "../../model/problem.ts";
import type { Ingress, Service } from "../../model/resource.ts";
import type { StreamRoute } from "../../model/route/stream.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { indexInSteps } from "../../service/index.ts";
import type { Steps } from "../../steps.ts";
import type { OwnRoute } from "../controller.ts";
import { type Revision, supplied } from "../memory.ts";
import type { WrittenPort } from "../shared/service-port.ts";
import { ABSENT_SERVICES } from "./absent.ts";
import {
  ABSENT_USES,
  ALL_SERVICES,
  ALL_WORKLOADS,
  COMPLETENESS,
  FIND_SLICES,
  FIND_WORKLOADS,
  FREE_SERVICES,
  USES_OF,
} from "./given.ts";
import { JUDGED } from "./judged.ts";
import {
  ANNOTATION_USES,
  BACKEND_USES,
  namesServices,
  type ServiceUse,
  SHARE_USES,
  STREAM_USE,
} from "./uses.ts";

/** What names Services: served Ingresses, their annotations, and streams. */
interface ServiceUsers {
  readonly ingresses: readonly Ingress[];
  readonly routes: readonly OwnRoute[];
  readonly streams: readonly StreamRoute[];
}

/**
 * Contradictions between Services and their users: an absent port, no endpoints, or an absent name in a
 * namespace with Services.
 *
 * Files may be a part of what is applied, so an absent Service may still be in the cluster.
 */
export function* serviceProblems(
  users: ServiceUsers,
  snapshot: Snapshot,
  completeness: "partial" | "whole",
  revision: Revision,
): Steps<readonly Problem[]> {
  const { services, workloads } = snapshot;
  if (services.length === 0) return [];
  const index = yield* indexInSteps(snapshot);
  const uses = yield* usesByPort(users, revision);
  yield* revision.supply(
    supplied(USES_OF, (port) => uses.get(port)),
    supplied(COMPLETENESS, () => completeness),
    supplied(ALL_SERVICES, () => services),
    supplied(ALL_WORKLOADS, () => workloads),
    supplied(FIND_WORKLOADS, () => index.workloads),
    supplied(FIND_SLICES, () => index.slices),
  );
  const problems: Problem[] = [];
  const absent: ServiceUse[] = [];
  const used = new Set<Service>();
  for (const [port, [use]] of uses) {
    const judged = yield* revision.inSteps(JUDGED, port);
    append(problems, judged.problems);
    if (judged.service !== undefined) used.add(judged.service);
    else if (use !== undefined) absent.push(use);
    yield;
  }
  yield* revision.supply(
    supplied(ABSENT_USES, () => absent),
    supplied(FREE_SERVICES, () => services.filter((service) => !used.has(service))),
  );
  return [...problems, ...(yield* revision.inSteps(ABSENT_SERVICES))];
}

/** How many routes are looked at in a step. */
const AT_ONCE = 500;

function* usesByPort(
  { ingresses, routes, streams }: ServiceUsers,
  revision: Revision,
): Steps<ReadonlyMap<WrittenPort, readonly ServiceUse[]>> {
  const byPort = new Map<WrittenPort, ServiceUse[]>();
  const add = (use: ServiceUse) => {
    const list = byPort.get(use.port);
    if (list === undefined) byPort.set(use.port, [use]);
    else list.push(use);
  };
  for (const ingress of ingresses) {
    for (const use of revision.for(BACKEND_USES, ingress)) add(use);
    yield;
  }
  // One route of each Ingress is enough: the first with something to do beside forwarding.
  const seen = new Set<OwnRoute["ingress"]>();
  for (const [at, own] of routes.entries()) {
    if (at % AT_ONCE === AT_ONCE - 1) yield;
    const { action, steps } = own.route;
    if (own.ingress.kind !== "Ingress") {
      for (const use of revision.for(SHARE_USES, own)) add(use);
      continue;
    }
    if (steps.length === 0 && (action.kind !== "forward" || action.standIn === undefined)) continue;
    if (seen.has(own.ingress)) continue;
    seen.add(own.ingress);
    if (namesServices(own)) for (const use of revision.for(ANNOTATION_USES, own)) add(use);
  }
  for (const stream of streams) add(revision.for(STREAM_USE, stream));
  return byPort;
}
