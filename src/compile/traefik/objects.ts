import type { CustomKind } from "../../model/custom-kinds.ts";
import type { CustomResource, Ingress, Secret, Service } from "../../model/resource.ts";
import type { StandIns } from "../../model/stand-ins.ts";
import { oncePer } from "../../once-per.ts";
import type { CompileWorld } from "../controller.ts";
import { type TraefikFlags, traefikFlags } from "./flags.ts";
import { joinedName } from "./names.ts";

/** What routers are built from. */
export interface TraefikObjects {
  readonly flags: TraefikFlags;
  /** Those of the class. */
  readonly ingresses: readonly Ingress[];
  /** Of this kind, by NAMESPACE/NAME. */
  readonly custom: (kind: CustomKind, namespace: string, name: string) => CustomResource | undefined;
  readonly all: (kind: CustomKind) => readonly CustomResource[];
  /** By the name in references: `NAMESPACE-NAME`. */
  readonly joined: (kind: CustomKind, name: string) => CustomResource | undefined;
  readonly service: (namespace: string, name: string) => Service | "elsewhere" | undefined;
  readonly secret: (namespace: string, name: string) => Secret | undefined;
  /** default: a Secret that the files lack does not exist */
  readonly standIns?: StandIns | undefined;
  /** A Secret that is not there: it does not exist, or the cluster may have it. */
  readonly absentSecrets: "missing" | "elsewhere";
}

type Named = { readonly metadata: { readonly namespace: string; readonly name: string } };

const byName = oncePer(
  (objects: readonly Named[]): ReadonlyMap<string, Named> =>
    new Map(objects.map((each) => [`${each.metadata.namespace}/${each.metadata.name}`, each])),
);

export function traefikObjects(
  ingresses: readonly Ingress[],
  { snapshot, options, flags }: CompileWorld,
): TraefikObjects {
  const { completeness = "partial" } = options;
  const { custom, services, secrets } = snapshot;
  const kinds = new Map<
    CustomKind,
    { list: CustomResource[]; byKey: Map<string, CustomResource>; byJoined: Map<string, CustomResource> }
  >();
  for (const each of custom) {
    const { namespace, name } = each.metadata;
    let kind = kinds.get(each.kind);
    if (kind === undefined) {
      kind = { list: [], byKey: new Map(), byJoined: new Map() };
      kinds.set(each.kind, kind);
    }
    kind.list.push(each);
    kind.byKey.set(`${namespace}/${name}`, each);
    kind.byJoined.set(joinedName(`${namespace}-${name}`), each);
  }
  const servicesByName = byName(services) as ReadonlyMap<string, Service>;
  const secretsByName = byName(secrets) as ReadonlyMap<string, Secret>;
  const namespaces = new Set(services.map(({ metadata }) => metadata.namespace));
  return {
    flags: traefikFlags(flags),
    ingresses,
    custom: (kind, namespace, name) => kinds.get(kind)?.byKey.get(`${namespace}/${name}`),
    all: (kind) => kinds.get(kind)?.list ?? [],
    joined: (kind, name) => kinds.get(kind)?.byJoined.get(name),
    // Where the files hold no Service of a namespace, its Services are applied from elsewhere.
    service: (namespace, name) =>
      servicesByName.get(`${namespace}/${name}`) ??
      (completeness === "partial" && !namespaces.has(namespace) ? "elsewhere" : undefined),
    secret: (namespace, name) => secretsByName.get(`${namespace}/${name}`),
    standIns: options.standIns,
    absentSecrets: completeness === "whole" ? "missing" : "elsewhere",
  };
}
