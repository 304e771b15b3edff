import type { EndpointSlice, Service, Workload } from "../../model/resource.ts";
import { groupBy } from "../../service/group-by.ts";
import type { ServiceIndex } from "../../service/index.ts";
import { given, longQuery, query, sameList } from "../query.ts";
import type { WrittenPort } from "../shared/service-port.ts";
import type { ServiceUse } from "./uses.ts";

/** The places that name a Service port, as found. */
export const USES_OF = given<WrittenPort, readonly ServiceUse[] | undefined>(
  "uses of a Service port",
  sameList,
);
/** Uses of Services that are not there, as found. */
export const ABSENT_USES = given<undefined, readonly ServiceUse[]>("uses of absent Services", sameList);
export const ALL_SERVICES = given<undefined, readonly Service[]>("Services");
/** Services that nothing names. */
export const FREE_SERVICES = given<undefined, readonly Service[]>("Services without a use", sameList);
export const COMPLETENESS = given<undefined, "partial" | "whole">("completeness");

export const ALL_WORKLOADS = given<undefined, readonly Workload[]>("workloads");
/** The same as long as no workload, or no slice, has changed. */
export const FIND_WORKLOADS = given<undefined, ServiceIndex["workloads"]>("workloads by labels");
export const FIND_SLICES = given<undefined, ServiceIndex["slices"]>("EndpointSlices by Service");

export const WORKLOADS_OF = query<Service, readonly Workload[]>(
  "workloads of a Service",
  (service, ask) => ask.for(FIND_WORKLOADS)(service),
  sameList,
);

export const SLICES_OF = query<Service, readonly EndpointSlice[]>(
  "EndpointSlices of a Service",
  (service, ask) => ask.for(FIND_SLICES)(service),
  sameList,
);

/** Workloads that no Service of their namespace selects, by namespace. */
const UNSELECTED = longQuery<undefined, ReadonlyMap<string, readonly Workload[]>>(
  "unselected workloads",
  function* (_, ask) {
    const selected = new Set<Workload>();
    for (const service of ask.for(ALL_SERVICES)) {
      for (const workload of ask.for(WORKLOADS_OF, service)) selected.add(workload);
      yield;
    }
    const free = ask.for(ALL_WORKLOADS).filter((workload) => !selected.has(workload));
    return groupBy(free, ({ metadata }) => [metadata.namespace]);
  },
);

export const UNSELECTED_IN = longQuery<string, readonly Workload[]>(
  "unselected workloads of a namespace",
  function* (namespace, ask) {
    return (yield* ask.inSteps(UNSELECTED)).get(namespace) ?? [];
  },
  sameList,
);
