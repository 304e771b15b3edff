import type { Compiled } from "../../compile/compile.ts";
import { compile } from "../../compile/compile.ts";
import { CODES } from "../../errors.ts";
import type { Problem } from "../../model/problem.ts";
import { reason } from "../../model/reason.ts";
import type { RouteTable } from "../../model/route.ts";
import { EMPTY_SNAPSHOT, type Snapshot } from "../../model/snapshot.ts";
import { namedHosts } from "../../select/table.ts";
import { compileOptionsOf } from "../options/compile-options.ts";
import type { ControllerSettings, Settings } from "../options.ts";

export interface InForce {
  readonly snapshot: Snapshot;
  readonly table: RouteTable;
}

/**
 * The tables after a compilation. With `--exact`, if nginx would refuse the configuration, everything stays
 * as it was, endpoints and certificates included; at the start no Ingress is served.
 */
export function inForce(
  { table, stops }: Compiled,
  snapshot: Snapshot,
  settings: ControllerSettings,
  before: InForce | undefined,
): InForce {
  if (!settings.exact || stops.length === 0) return { snapshot, table };
  if (before !== undefined) return before;
  const options = { ...compileOptionsOf(settings, "whole"), configMap: undefined };
  const empty = compile(EMPTY_SNAPSHOT, options).table;
  return { snapshot: EMPTY_SNAPSHOT, table: { ...empty, unserved: allUnserved(table, stops) } };
}

function allUnserved(table: RouteTable, stops: Compiled["stops"]): RouteTable["unserved"] {
  const text = `Ingresses name this host, but nothing of them is served: nginx refuses the configuration (${inWords(stops)})`;
  const why = reason("unserved", text);
  const hosts = [...namedHosts(table).keys()];
  return new Map([...table.unserved, ...hosts.map((host) => [host, why] as const)]);
}

/** nginx's words for its first refusal, and the number of others. */
function inWords([first, ...others]: Compiled["stops"]): string {
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  return `${first?.stops}${more}`;
}

/** A sentence on the effect of stops, in the cluster and here. */
export function stopped(
  { stops }: Compiled,
  { exact }: Settings,
  before: InForce | undefined,
): readonly Problem[] {
  if (stops.length === 0) return [];
  const problem = { code: "controller-stops", fix: CODES["controller-stops"] };
  if (!exact) {
    const message =
      "In the cluster nothing changes any more: nginx refuses the configuration. Here the rest is served; --exact does as the cluster.";
    return [{ ...problem, level: "warning", message }];
  }
  const message =
    before === undefined || before.snapshot === EMPTY_SNAPSHOT
      ? "nginx refuses the configuration, so nothing of these Ingresses is served: a controller that was there before them answers 404, and one that starts with them does not listen at all."
      : "nginx refuses the configuration, so what was served before stays: no change of Ingresses, Services, pods or Secrets takes effect.";
  return [{ ...problem, level: "error", message }];
}

/** The cluster's answers if they differ from the table's. */
export function stoppedInWords({ stops }: Compiled): string | undefined {
  if (stops.length === 0) return undefined;
  return `what it answered before: nginx refuses the configuration (${inWords(stops)}), and no change takes effect until that goes`;
}
