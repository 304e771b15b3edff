import { closest } from "../../closest.ts";
import { CUSTOM_KINDS, type CustomKind } from "../../model/custom-kinds.ts";
import { itemsAt, stringAt, type YamlNode } from "../../yaml/node.ts";
import served from "./served.json" with { type: "json" };

/** By group and kind, the versions that the API server serves. */
const SERVED: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> = new Map(
  Object.entries(served).map(([group, kinds]) => [group, new Map(Object.entries(kinds))]),
);

/** The versions of a kind that are known here, the best first. default: any */
export function knownVersions(group: string, kind: string): readonly string[] | undefined {
  return SERVED.get(group)?.get(kind);
}

/** Groups with further kinds than those known here. */
const OPEN_GROUPS: ReadonlySet<string> = new Set([
  "configuration.konghq.com",
  "gateway.envoyproxy.io",
  "helm.cattle.io",
]);

/** What groups were called before. */
const OLD_GROUPS: ReadonlyMap<string, string> = new Map([
  ["traefik.containo.us", "traefik.io"],
  ["contour.heptio.com", "projectcontour.io"],
  ["networking.x-k8s.io", "gateway.networking.k8s.io"],
]);

/** Kinds of old groups that have another name since. */
const NEXT_KINDS: ReadonlyMap<string, string> = new Map([["contour.heptio.com IngressRoute", "HTTPProxy"]]);

/** Kubernetes' groups where people look for such kinds. */
const CORE_GROUPS: ReadonlySet<string> = new Set(["", "networking.k8s.io", "extensions"]);

export type CustomClassified =
  /** Judged by its schema. `custom`: as the kind is spelt. */
  | { readonly kind: "judged"; readonly group: string; readonly custom: string; readonly version: string }
  /** Known, without a schema here. */
  | { readonly kind: "unjudged"; readonly custom: CustomKind }
  | { readonly kind: "list"; readonly itemKind: string }
  /** No API server has it. `fix` names what is near. */
  | { readonly kind: "unserved"; readonly field: "apiVersion" | "kind"; readonly fix: string }
  | { readonly kind: "other" };

export function groupOf(apiVersion: string): string {
  return apiVersion.slice(0, Math.max(0, apiVersion.indexOf("/")));
}

/** The meaning of a kind that controllers bring. `undefined`: the group has none. */
export function classifyCustom(apiVersion: string, kind: string): CustomClassified | undefined {
  const group = groupOf(apiVersion);
  const judged = SERVED.get(group);
  const known: readonly string[] = [...(judged?.keys() ?? []), ...(CUSTOM_KINDS.get(group) ?? [])];
  if (known.length === 0) return misplaced(group, kind);
  const version = apiVersion.slice(group.length + 1);
  const versions = judged?.get(kind);
  if (versions !== undefined) {
    if (versions.includes(version)) return { kind: "judged", group, custom: kind, version };
    return { kind: "unserved", field: "apiVersion", fix: `Write apiVersion: ${group}/${versions[0]}.` };
  }
  const unjudged = CUSTOM_KINDS.get(group)?.find((each) => each === kind);
  if (unjudged !== undefined) return { kind: "unjudged", custom: unjudged };
  const item = known.find((each) => kind === `${each}List`);
  if (item !== undefined) return { kind: "list", itemKind: item };
  // kubectl finds kinds in small letters, and the API server then names the right spelling.
  const lower = kind === kind.toLowerCase() ? known.find((each) => each.toLowerCase() === kind) : undefined;
  if (lower !== undefined && judged?.get(lower)?.includes(version)) {
    return { kind: "judged", group, custom: lower, version };
  }
  const near = closest(kind, known);
  if (near !== undefined) return { kind: "unserved", field: "kind", fix: `Did you mean kind: ${near}?` };
  if (OPEN_GROUPS.has(group)) return { kind: "other" };
  const kinds = [...new Set(known)].sort().join(", ");
  return { kind: "unserved", field: "kind", fix: `${group} has the kinds ${kinds}.` };
}

/** A kind under another group's name. */
function misplaced(group: string, kind: string): CustomClassified | undefined {
  const next = OLD_GROUPS.get(group);
  const groups = [...SERVED.keys()];
  const near = next ?? groups.find((each) => each.startsWith(`${group}.`)) ?? closest(group, groups);
  for (const right of CORE_GROUPS.has(group) ? groups : [near ?? ""]) {
    const version = SERVED.get(right)?.get(kind)?.[0];
    if (version !== undefined)
      return { kind: "unserved", field: "apiVersion", fix: `Write apiVersion: ${right}/${version}.` };
  }
  if (next === undefined) return undefined;
  const kinds = [...(SERVED.get(next)?.keys() ?? [])];
  const meant = NEXT_KINDS.get(`${group} ${kind}`) ?? closest(kind, kinds);
  if (meant === undefined)
    return {
      kind: "unserved",
      field: "apiVersion",
      fix: `${group} is now ${next}, with the kinds ${kinds.join(", ")}.`,
    };
  const version = SERVED.get(next)?.get(meant)?.[0];
  const fix = `Write apiVersion: ${next}/${version}, and kind: ${meant}.`;
  return { kind: "unserved", field: "apiVersion", fix };
}

/** The groups with schemas that a document's objects are of. */
export function judgedGroups(node: YamlNode, found: Set<string> = new Set()): ReadonlySet<string> {
  const group = groupOf(stringAt(node, "apiVersion") ?? "");
  if (SERVED.has(group)) found.add(group);
  if (stringAt(node, "kind")?.endsWith("List")) {
    for (const item of itemsAt(node, "items")) judgedGroups(item, found);
  }
  return found;
}
