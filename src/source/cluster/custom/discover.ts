import { pluralKind } from "../../../counted.ts";
import { knownVersions } from "../../../manifest/custom/kinds.ts";
import type { ApiConnection } from "../../../model/cluster.ts";
import { CUSTOM_KINDS, type CustomKind } from "../../../model/custom-kinds.ts";
import { ApiFault, fieldOf } from "../fault.ts";
import { type ClusterKind, NAMESPACES } from "../kinds.ts";
import { getOne } from "../list.ts";

/** Kinds of controllers that an API server has, and those of versions that are not read here. */
export interface Discovered {
  readonly kinds: readonly ClusterKind[];
  /** `BackendTLSPolicies (gateway.networking.k8s.io/v1alpha2)` */
  readonly unread: readonly string[];
}

/** A kind in one version. */
interface Served {
  readonly kind: CustomKind;
  readonly plural: string;
  readonly scope: ClusterKind["scope"];
  readonly version: string;
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const found = fieldOf(value, key);
  if (Array.isArray(found)) return found;
  throw new ApiFault("broken", `the API server answered no ${key} where it says what it has`);
}

/** The groups that are known here, each with the versions that the API server has of it, the preferred one first. */
async function groupsOf(
  api: ApiConnection,
  signal: AbortSignal,
): Promise<readonly (readonly [string, readonly string[]])[]> {
  const all = listAt(await getOne(api, "/apis", signal), "groups");
  return all.flatMap((group) => {
    const name = fieldOf(group, "name");
    if (typeof name !== "string" || !CUSTOM_KINDS.has(name)) return [];
    const versions = listAt(group, "versions").map((each) => fieldOf(each, "version"));
    return [[name, versions.filter((version) => typeof version === "string")] as const];
  });
}

async function servedIn(
  api: ApiConnection,
  group: string,
  version: string,
  signal: AbortSignal,
): Promise<readonly Served[]> {
  const path = `/apis/${group}/${encodeURIComponent(version)}`;
  // A group that went away since it was listed has none.
  const list = (await getOne(api, path, signal)) ?? { resources: [] };
  return listAt(list, "resources").flatMap((resource): readonly Served[] => {
    const [kind, plural] = [fieldOf(resource, "kind"), fieldOf(resource, "name")];
    const known = CUSTOM_KINDS.get(group)?.find((each) => each === kind);
    // A name with a slash is a part of an object: `gateways/status`.
    if (known === undefined || typeof plural !== "string" || plural.includes("/")) return [];
    const verbs = listAt(resource, "verbs");
    if (!verbs.includes("list") || !verbs.includes("watch")) return [];
    const scope = fieldOf(resource, "namespaced") === true ? "namespaced" : "cluster";
    return [{ kind: known, plural, scope, version }];
  });
}

const WITHOUT = "what they say is not served";

/** Each kind once, in the version that is known best. */
function kindsOf(group: string, served: readonly Served[]): Discovered {
  const kinds: ClusterKind[] = [];
  const unread: string[] = [];
  for (const kind of new Set(served.map((each) => each.kind))) {
    const offered = served.filter((each) => each.kind === kind);
    const known = knownVersions(group, kind);
    const chosen =
      known === undefined
        ? offered[0]
        : known.flatMap((version) => offered.find((each) => each.version === version) ?? [])[0];
    if (chosen === undefined) {
      unread.push(`${pluralKind(kind)} (${offered.map(({ version }) => `${group}/${version}`).join(", ")})`);
      continue;
    }
    const { plural, scope, version } = chosen;
    kinds.push({
      ...{ kind, plural, scope, versions: [`${group}/${version}`], without: WITHOUT, missing: "warning" },
      ...{ toldWith: "custom", absence: "usual" },
    });
  }
  return { kinds, unread };
}

/**
 * Asks for the kinds of controllers that the API server has. Fails with an `ApiFault`, or with the connection's error.
 */
export async function discover(api: ApiConnection, signal: AbortSignal): Promise<Discovered> {
  const found = await Promise.all(
    (await groupsOf(api, signal)).map(async ([group, versions]) => {
      const served = await Promise.all(versions.map((version) => servedIn(api, group, version, signal)));
      return kindsOf(group, served.flat());
    }),
  );
  const kinds = found.flatMap((each) => each.kinds);
  const isChoosing = kinds.some(({ kind }) => kind === "Gateway");
  return {
    kinds: isChoosing ? [...kinds, NAMESPACES] : kinds,
    unread: found.flatMap((each) => each.unread),
  };
}
