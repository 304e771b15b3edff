import type { Json } from "./object.ts";
import { groupVersion, type ResourceType, type Subresource } from "./resource-type.ts";

const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** A discovery document and the type that it is sent as; `undefined` for other paths. */
export function discovery(
  path: string,
  accept: string,
  types: readonly ResourceType[],
): { readonly contentType: string; readonly body: Json } | undefined {
  const clean = path.replace(/\/$/, "");
  if (clean === "/api" || clean === "/apis") {
    const core = clean === "/api";
    const wanted = types.filter((type) => (type.group === "") === core);
    if (accept.includes("g=apidiscovery.k8s.io;v=v2;")) {
      return { contentType: AGGREGATED, body: aggregated(wanted) };
    }
    return { contentType: "application/json", body: core ? apiVersions() : groupList(wanted) };
  }
  const found = types.filter(
    (type) => `/${type.group === "" ? "api" : "apis"}/${groupVersion(type)}` === clean,
  );
  if (found.length > 0) return { contentType: "application/json", body: resourceList(found) };
  const group = groupsOf(types).find((one) => one !== "" && clean === `/apis/${one}`);
  if (group === undefined) return undefined;
  return {
    contentType: "application/json",
    body: { kind: "APIGroup", apiVersion: "v1", ...groupOf(group, types) },
  };
}

function apiVersions(): Json {
  return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
}

function groupList(types: readonly ResourceType[]): Json {
  return {
    kind: "APIGroupList",
    apiVersion: "v1",
    groups: groupsOf(types).map((group) => groupOf(group, types)),
  };
}

function groupOf(group: string, types: readonly ResourceType[]): Json {
  const versions = versionsOf(group, types).map((version) => ({
    groupVersion: `${group}/${version}`,
    version,
  }));
  return { name: group, versions, preferredVersion: versions[0] };
}

function resourceList(types: readonly ResourceType[]): Json {
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: types[0] === undefined ? "" : groupVersion(types[0]),
    resources: types.flatMap((type) => [
      legacyEntry(type),
      ...type.subresources.map((part) => legacyPart(type, part)),
    ]),
  };
}

function legacyEntry(type: ResourceType): Json {
  return {
    name: type.plural,
    singularName: type.singular,
    namespaced: type.namespaced,
    kind: type.kind,
    verbs: type.verbs,
    ...(type.shortNames.length === 0 ? {} : { shortNames: type.shortNames }),
    ...(type.categories.length === 0 ? {} : { categories: type.categories }),
  };
}

function legacyPart(type: ResourceType, part: Subresource): Json {
  const elsewhere = part.group !== type.group || part.version !== type.version;
  return {
    name: `${type.plural}/${part.name}`,
    singularName: "",
    namespaced: type.namespaced,
    ...(elsewhere ? { group: part.group, version: part.version } : {}),
    kind: part.kind,
    verbs: part.verbs,
  };
}

function aggregated(types: readonly ResourceType[]): Json {
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items: groupsOf(types).map((group) => ({
      metadata: group === "" ? {} : { name: group },
      versions: versionsOf(group, types).map((version) => ({
        version,
        freshness: "Current",
        resources: types
          .filter((type) => type.group === group && type.version === version)
          .map(aggregatedEntry),
      })),
    })),
  };
}

function aggregatedEntry(type: ResourceType): Json {
  return {
    resource: type.plural,
    responseKind: { group: type.group, version: type.version, kind: type.kind },
    scope: type.namespaced ? "Namespaced" : "Cluster",
    singularResource: type.singular,
    verbs: type.verbs,
    ...(type.shortNames.length === 0 ? {} : { shortNames: type.shortNames }),
    ...(type.categories.length === 0 ? {} : { categories: type.categories }),
    ...(type.subresources.length === 0
      ? {}
      : {
          subresources: type.subresources.map((part) => ({
            subresource: part.name,
            responseKind: { group: part.group, version: part.version, kind: part.kind },
            verbs: part.verbs,
          })),
        }),
  };
}

function groupsOf(types: readonly ResourceType[]): readonly string[] {
  return [...new Set(types.map((type) => type.group))];
}

function versionsOf(group: string, types: readonly ResourceType[]): readonly string[] {
  return [...new Set(types.filter((type) => type.group === group).map((type) => type.version))];
}
