import type { Problem } from "../../model/problem.ts";
import type { Service } from "../../model/resource.ts";
import { type Backing, backingOf } from "../../service/backing.ts";
import { addressForName } from "../../service/external-name.ts";
import type { ServiceIndex } from "../../service/index.ts";
import { podsOf } from "../../service/pods.ts";
import type { Steps } from "../../steps.ts";
import { type Ask, type AskAtLength, longQuery } from "../query.ts";
import type { WrittenPort } from "../shared/service-port.ts";
import { FLAGS, SERVICE_NAMED } from "../world.ts";
import { COMPLETENESS, SLICES_OF, UNSELECTED_IN, USES_OF, WORKLOADS_OF } from "./given.ts";
import { contradiction, lacksPods, serviceWithoutEndpoints, withoutPods } from "./present.ts";
import type { ServiceUse } from "./uses.ts";

/** ExternalNames that lead from Service to Service; a longer chain is a circle. */
const MOST_HOPS = 8;

/** controller.go, serviceEndpoints. */
const NO_EXTERNAL_NAMES =
  "it is an ExternalName, and the controller is started with --disable-svc-external-name";

interface Judged {
  readonly problems: readonly Problem[];
  /** default: it is absent */
  readonly service: Service | undefined;
}

const ABSENT: Judged = { problems: [], service: undefined };

/** Problems of the Service of a port, for those that name it. */
export const JUDGED = longQuery<WrittenPort, Judged>("Service for its users", function* (port, ask) {
  const uses = ask.for(USES_OF, port) ?? [];
  const index = lookupsIn(ask);
  const first = backingOf(port.backend, index);
  const isRefused = ask.for(FLAGS).disableSvcExternalName === true;
  if (isRefused && "service" in first && first.service.type === "ExternalName") {
    const problem = serviceWithoutEndpoints({ service: first.service, reason: NO_EXTERNAL_NAMES }, uses);
    return { problems: [problem], service: first.service };
  }
  const backing = lastBacking(first, index);
  if (backing.kind === "absent" || !("service" in first)) return ABSENT;
  return { problems: yield* judge(backing, uses, ask), service: first.service };
});

/** Looks Services up in the name of a query. */
function lookupsIn(ask: Ask): Pick<ServiceIndex, "service" | "slices" | "workloads"> {
  return {
    service: (namespace, name) => ask.for(SERVICE_NAMED, `${namespace}/${name}`),
    slices: (service) => ask.for(SLICES_OF, service),
    workloads: (service) => ask.for(WORKLOADS_OF, service),
  };
}

/** Follows ExternalNames that stand for other Services. A missing one is not reported. */
function lastBacking(first: Backing, index: Pick<ServiceIndex, "service">): Backing {
  let backing = first;
  for (let hop = 0; backing.kind === "elsewhere" && hop < MOST_HOPS; hop++) {
    const next = backingOf(backing.backend, index);
    if (next.kind === "absent") return backing;
    backing = next;
  }
  return backing;
}

function* judge(backing: Backing, uses: readonly ServiceUse[], ask: AskAtLength): Steps<readonly Problem[]> {
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
  if (backing.kind !== "port" || ask.for(COMPLETENESS) === "whole") return [];
  const { service, port } = backing;
  const pods = podsOf(service, port, lookupsIn(ask));
  if (pods.kind === "none") {
    // Nobody writes 0 replicas by mistake.
    const level = pods.cause === "replicas" ? "notice" : "warning";
    return [serviceWithoutEndpoints({ service, reason: pods.reason }, uses, level)];
  }
  if (!lacksPods(service, ask.for(WORKLOADS_OF, service))) return [];
  return withoutPods(service, yield* ask.inSteps(UNSELECTED_IN, service.metadata.namespace), uses);
}
