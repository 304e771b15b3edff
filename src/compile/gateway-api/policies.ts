import { type Json, type JsonObject, jsonFields, jsonItems, jsonString } from "../../model/json.ts";
import type { CustomResource } from "../../model/resource.ts";
import { ingressName } from "../problem.ts";
import { hasLabels } from "./listeners/selected.ts";
import type { GatewayListener } from "./listeners.ts";
import type { GatewayObjects } from "./objects.ts";

export type PolicyKind = "BackendTrafficPolicy" | "ClientTrafficPolicy" | "SecurityPolicy";

/** A policy with one of its targets. */
export interface Targeted {
  readonly policy: CustomResource;
  readonly target: CustomResource;
  readonly section: string | undefined;
  /** "taken": an older policy has the same target. "section": the target has no such part. */
  readonly kind: "in force" | "taken" | "section";
}

/** Every target of a kind's policies that is there, the oldest policy first. */
export function targetsOf(kind: PolicyKind, objects: GatewayObjects): readonly Targeted[] {
  const taken = new Set<string>();
  return objects.all(kind).flatMap((policy) =>
    targetRefs(policy, objects).flatMap((ref): Targeted[] => {
      const { namespace } = policy.metadata;
      const section = jsonString(ref.sectionName);
      const wanted = TARGETS.find((each) => each === ref.kind);
      const target = wanted && objects.custom(wanted, namespace, jsonString(ref.name) ?? "");
      if (target === undefined) return [];
      if (section !== undefined && !hasSection(target, section))
        return [{ policy, target, section, kind: "section" }];
      const place = `${target.kind} ${ingressName(target)} ${section ?? ""}`;
      const isTaken = taken.has(place);
      taken.add(place);
      return [{ policy, target, section, kind: isTaken ? "taken" : "in force" }];
    }),
  );
}

const TARGETS = [
  "Gateway",
  "HTTPRoute",
  "GRPCRoute",
  "ListenerSet",
  "TCPRoute",
  "TLSRoute",
  "UDPRoute",
] as const;

/** Those named, and those in its namespace that `targetSelectors` find by their labels. */
function targetRefs({ spec, metadata }: CustomResource, objects: GatewayObjects): readonly JsonObject[] {
  const one = spec.targetRef === undefined ? [] : [spec.targetRef];
  const named = [...one, ...jsonItems(spec.targetRefs)].map(jsonFields);
  const selected = jsonItems(spec.targetSelectors).flatMap((item) => {
    const selector = jsonFields(item);
    const kind = TARGETS.find((each) => each === selector.kind);
    const all = kind === undefined ? [] : objects.all(kind);
    return all
      .filter((each) => each.metadata.namespace === metadata.namespace)
      .filter((each) => hasLabels(selector, each.metadata.labels))
      .map((each) => jsonFields({ kind: each.kind, name: each.metadata.name }));
  });
  const known = new Set(named.map(({ kind, name }) => `${jsonString(kind)} ${jsonString(name)}`));
  return [
    ...named,
    ...selected.filter(({ kind, name }) => !known.has(`${jsonString(kind)} ${jsonString(name)}`)),
  ];
}

function hasSection({ spec }: CustomResource, section: string): boolean {
  const parts = [...jsonItems(spec.listeners), ...jsonItems(spec.rules)];
  return parts.some((part) => jsonFields(part).name === section);
}

/** A route's policy with `mergeType`: what it does not say, the Gateway's says. */
function mergedInto(own: CustomResource, general: CustomResource | undefined): CustomResource {
  return general === undefined ? own : { ...own, spec: merged(general.spec, own.spec) };
}

/** RFC 7396, without its removals. */
function merged(general: JsonObject, own: JsonObject): JsonObject {
  const both = Object.keys(own).map((key): [string, Json | undefined] => {
    const [before, now] = [general[key], own[key]];
    return [key, isObject(before) && isObject(now) ? merged(before, now) : now];
  });
  return { ...general, ...Object.fromEntries(both) };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The policies of one kind, to be found by what they are for. */
export interface Policies {
  /** A listener's, else its Gateway's. */
  readonly ofListener: (listener: GatewayListener) => CustomResource | undefined;
  /** A rule's, its route's, its listener's, its Gateway's: the first there is. */
  readonly ofRule: (
    rule: { readonly route: CustomResource; readonly fields: JsonObject },
    listener: GatewayListener,
  ) => CustomResource | undefined;
}

export function policiesOf(targets: readonly Targeted[]): Policies {
  const byTarget = new Map<CustomResource, Map<string, CustomResource>>();
  for (const { policy, target, section = "", kind } of targets) {
    if (kind !== "in force") continue;
    const sections = byTarget.get(target) ?? new Map<string, CustomResource>();
    byTarget.set(target, sections);
    sections.set(section, policy);
  }
  const found = (target: CustomResource, section: string | undefined) => {
    const sections = byTarget.get(target);
    return (section === undefined ? undefined : sections?.get(section)) ?? sections?.get("");
  };
  const ofListener = ({ gateway, owner, name }: GatewayListener) =>
    found(owner, name) ?? found(gateway, name);
  return {
    ofListener,
    ofRule({ route, fields }, listener) {
      const own = found(route, jsonString(fields.name));
      if (own === undefined) return ofListener(listener);
      return own.spec.mergeType === undefined ? own : mergedInto(own, ofListener(listener));
    },
  };
}
