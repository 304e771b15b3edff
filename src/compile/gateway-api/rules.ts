import { append } from "../../append.ts";
import { type JsonObject, jsonFields, jsonItems } from "../../model/json.ts";
import { type Reason, reason } from "../../model/reason.ts";
import type { CustomResource } from "../../model/resource.ts";
import type { RespondAction } from "../../model/route/action.ts";
import { placeOf } from "../route.ts";
import { type Resolved, resolve, weightOf } from "./backends.ts";
import type { GatewayObjects } from "./objects.ts";
import { type FilterFaults, filterFaults } from "./rules/filter-faults.ts";
import { type Matches, matchesOf, preflightOf, type WrittenMatch } from "./rules/matches.ts";
import { asSentence, type StatusFault } from "./status/condition.ts";

/** A rule of an HTTPRoute or GRPCRoute. */
export interface TranslatedRule {
  readonly route: CustomResource;
  readonly fields: JsonObject;
  readonly index: number;
  /** `spec.rules[0]` */
  readonly field: string;
  readonly matches: readonly WrittenMatch[];
  /** Those of its filters that the controller looks at. */
  readonly filters: readonly JsonObject[];
  /** Its backends, in order, those of weight 0 included. */
  readonly backends: readonly Referred[];
  /** Answers in place of everything else. */
  readonly broken: RespondAction | undefined;
}

export interface Referred {
  readonly ref: JsonObject;
  readonly weight: number;
  readonly resolved: Resolved;
}

/** A route as the controller translates it, and what it says of it. */
export interface TranslatedRoute {
  readonly route: CustomResource;
  readonly rules: readonly TranslatedRule[];
  /** Rules that are left out, or answer 500. */
  readonly dropped: readonly number[];
  readonly faults: {
    readonly accepted: readonly StatusFault[];
    readonly resolved: readonly StatusFault[];
    readonly available: readonly StatusFault[];
  };
}

/** A route of connections, not of requests. */
export function isStreamRoute(kind: string): boolean {
  return kind === "TCPRoute" || kind === "TLSRoute" || kind === "UDPRoute";
}

const NO_MATCHES: Matches = { kind: "matches", matches: [] };

/** Without rules, a route has one for every path that leads nowhere. */
const NO_RULES = [jsonFields({ matches: [{ path: { type: "PathPrefix", value: "/" } }] })];

export function translated(route: CustomResource, objects: GatewayObjects): TranslatedRoute {
  const kind = route.kind === "GRPCRoute" ? "GRPCRoute" : "HTTPRoute";
  const isStream = isStreamRoute(route.kind);
  const written = jsonItems(route.spec.rules).map(jsonFields);
  const accepted: StatusFault[] = [];
  const resolved: StatusFault[] = [];
  const available: StatusFault[] = [];
  const dropped: number[] = [];
  const rules: TranslatedRule[] = [];
  for (const [index, fields] of (written.length === 0 ? NO_RULES : written).entries()) {
    const found = filterFaults(fields.filters, route, objects);
    const filters = jsonItems(fields.filters).slice(0, found.read).map(jsonFields);
    append(accepted, found.accepted);
    append(resolved, found.resolved);
    append(available, found.available);
    const matches = isStream ? NO_MATCHES : matchesOf(kind, fields);
    if (found.accepted.length > 0 || matches.kind === "broken") dropped.push(index);
    if (matches.kind === "broken") {
      accepted.push(brokenExpression(index, matches));
      continue;
    }
    const backends = jsonItems(fields.backendRefs).map((item) => referred(jsonFields(item), route, objects));
    for (const [at, { resolved: each }] of backends.entries()) {
      const where = isStream ? "" : `failed to process route rule ${index} backendRef ${at}: `;
      if (each.kind === "invalid") resolved.push(within(where, each.fault));
      else if (each.unavailable !== undefined)
        available.push(within(isStream ? "" : "failed to find endpoints: ", each.unavailable));
    }
    const field = `spec.rules[${index}]`;
    const preflights = filters.some(({ type }) => type === "CORS") ? preflightsOf(kind, fields) : [];
    rules.push({
      ...{ route, fields, index, field, filters, backends },
      matches: [...matches.matches, ...preflights],
      broken: answerInstead(found, route, field),
    });
  }
  return { route, rules, dropped, faults: { accepted, resolved, available } };
}

function referred(ref: JsonObject, route: CustomResource, objects: GatewayObjects): Referred {
  const weight = weightOf(ref);
  const resolved = resolve(ref, route, objects);
  const isAsked = resolved.kind === "valid" && resolved.unavailable === undefined && weight > 0;
  const { accepted, resolved: unresolved } = isAsked ? filterFaults(ref.filters, route, objects) : NO_FAULTS;
  const messages = [...accepted, ...unresolved].map(({ message }) => message);
  if (messages.length === 0) return { ref, weight, resolved };
  const fault = { reason: "InvalidBackendFilters", message: messages.join("\n") };
  return { ref, weight, resolved: { kind: "invalid", backend: resolved.backend, fault } };
}

const NO_FAULTS = { accepted: [], resolved: [] } as const;

function preflightsOf(kind: "HTTPRoute" | "GRPCRoute", fields: JsonObject): readonly WrittenMatch[] {
  return jsonItems(fields.matches).flatMap((item) => preflightOf(kind, jsonFields(item)) ?? []);
}

function brokenExpression(index: number, { source, why }: Extract<Matches, { kind: "broken" }>): StatusFault {
  const message = `failed to process route rule ${index}: regex ${JSON.stringify(source)} is invalid: ${why}`;
  return { reason: "UnsupportedValue", message };
}

function within(where: string, { reason, message }: StatusFault): StatusFault {
  return { reason, message: `${where}${message}` };
}

function answerInstead(
  { accepted, resolved }: FilterFaults,
  route: CustomResource,
  field: string,
): RespondAction | undefined {
  const faults = [...accepted, ...resolved];
  if (faults.length === 0) return undefined;
  return internalError(faults.map(({ message }) => brokenRule(message, route, field)));
}

function brokenRule(message: string, route: CustomResource, field: string): Reason {
  return reason("broken-reference", asSentence(message), placeOf(route, field));
}

/** 500 without a page. */
export function internalError(why: readonly Reason[]): RespondAction {
  return { kind: "respond", status: 500, text: "", why };
}
