import { jsonFields, jsonItems } from "../../model/json.ts";
import type { Problem } from "../../model/problem.ts";
import type { CustomResource } from "../../model/resource.ts";
import { ingressName, problemOf } from "../problem.ts";
import type { GatewayListener } from "./listeners.ts";
import { unreadableValue } from "./rules/header-edits.ts";
import type { TranslatedRule } from "./rules.ts";

/** A header value of a rule that Envoy refuses, with all routes of the port. */
export interface Unreadable {
  readonly rule: TranslatedRule;
  readonly field: string;
  readonly value: string;
  /** Envoy's words. */
  readonly why: string;
}

/** The first such value of a rule, or of its backends. */
export function unreadableIn(rule: TranslatedRule): Unreadable | undefined {
  const backends = rule.backends.map(({ ref }, at) => ({
    list: ref.filters,
    field: `${rule.field}.backendRefs[${at}].filters`,
  }));
  for (const { list, field } of [{ list: rule.fields.filters, field: `${rule.field}.filters` }, ...backends])
    for (const [at, item] of jsonItems(list).entries()) {
      const { requestHeaderModifier, responseHeaderModifier } = jsonFields(item);
      const found = unreadableValue(jsonFields(requestHeaderModifier ?? responseHeaderModifier));
      if (found !== undefined) return { rule, field: `${field}[${at}]`, ...found };
    }
  return undefined;
}

export function refusedTable(
  { rule, field, value, why }: Unreadable,
  gateway: string,
  port: number,
): Problem {
  const { kind } = rule.route;
  return problemOf(rule.route, {
    code: "controller-stops",
    level: "error",
    field,
    message: `${kind} ${ingressName(rule.route)}: the header value "${value}" has a percent sign that begins no command of Envoy's (${why}), so Envoy refuses all routes of port ${port} of Gateway ${gateway}: they stay as they were, and a new Envoy has none`,
    fix: "Write %% for a percent sign.",
    stops: why,
    lost: "route",
  });
}

/** A host that two listeners of a port have from one route, or from two. */
export interface RepeatedHost {
  readonly route: CustomResource;
  readonly host: string;
  readonly listeners: readonly [GatewayListener, GatewayListener];
}

/** Envoy takes a host once in a table, and the listeners of a port share theirs (config_impl.cc, RouteMatcher). */
export function repeatedInTable({ route, host, listeners }: RepeatedHost, gateway: string): Problem {
  const [first, second] = listeners;
  const shown = host === "*" ? "every host" : `host ${host}`;
  const stops = `Only unique values for domains are permitted. Duplicate entry of domain ${host} in route ${gateway}/${first.name}`;
  return problemOf(route, {
    code: "controller-stops",
    level: "error",
    field: "spec.parentRefs",
    message: `${route.kind} ${ingressName(route)}: listeners ${first.name} and ${second.name} of Gateway ${gateway} both have ${shown} on port ${first.port}, so Envoy refuses all routes of the port: they stay as they were, and a new Envoy has none`,
    fix: `Name one listener in the route: sectionName: ${second.name}`,
    stops,
    lost: "route",
  });
}
