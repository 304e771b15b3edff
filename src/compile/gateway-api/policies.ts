import { type JsonObject, jsonFields, jsonItems, jsonString } from "../../model/json.ts";
import type { CustomResource } from "../../model/resource.ts";
import { ingressName } from "../problem.ts";
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
    targetRefs(policy).flatMap((ref): Targeted[] => {
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

function targetRefs({ spec }: CustomResource): readonly JsonObject[] {
  const one = spec.targetRef === undefined ? [] : [spec.targetRef];
  return [...one, ...jsonItems(spec.targetRefs)].map(jsonFields);
}

function hasSection({ spec }: CustomResource, section: string): boolean {
  const parts = [...jsonItems(spec.listeners), ...jsonItems(spec.rules)];
  return parts.some((part) => jsonFields(part).name === section);
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
    ofRule: ({ route, fields }, listener) => found(route, jsonString(fields.name)) ?? ofListener(listener),
  };
}
