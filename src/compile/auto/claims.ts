import { countedKind } from "../../counted.ts";
import { jsonString } from "../../model/json.ts";
import type { CustomResource, Ingress, IngressClass } from "../../model/resource.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { Steps } from "../../steps.ts";
import { CLASS_ANNOTATION, defaultClass } from "../class.ts";
import { isInstalled } from "../command-line/given.ts";
import type { ControllerFacts } from "../controller.ts";

export type ClassedObject = Ingress | IngressClass | CustomResource;

/** The objects that are a controller's by class or kind. */
export interface ControllerClaim<Facts> {
  readonly facts: Facts;
  /** `2 Ingresses of class traefik`, `1 HTTPProxy`. */
  readonly words: readonly string[];
  readonly objects: readonly ClassedObject[];
}

/** A class that no controller here serves. */
export interface UnknownClass {
  readonly name: string;
  /** Of its IngressClass or GatewayClass. default: there is no IngressClass */
  readonly controller: string | undefined;
  readonly objects: readonly ClassedObject[];
}

export interface Claims<Facts> {
  /** By objects that want to be served, in the order of the registry. */
  readonly named: readonly ControllerClaim<Facts>[];
  /** By IngressClasses alone. */
  readonly withClass: readonly ControllerClaim<Facts>[];
  readonly unknown: readonly UnknownClass[];
}

type Sources = Pick<Snapshot, "ingresses" | "ingressClasses" | "custom" | "workloads">;

/** How many objects are looked at in a step. */
const AT_ONCE = 1_000;

/** By snapshot: each problem of a choice asks for the claims, and a snapshot may be large. */
const FOUND = new WeakMap<
  Sources,
  { readonly registry: readonly ControllerFacts[]; readonly claims: Claims<ControllerFacts> }
>();

export function* claimsOf<Facts extends ControllerFacts>(
  snapshot: Sources,
  registry: readonly Facts[],
): Steps<Claims<Facts>> {
  const found = FOUND.get(snapshot);
  if (found?.registry === registry) return found.claims as Claims<Facts>;
  const claims = yield* searched(snapshot, registry);
  FOUND.set(snapshot, { registry, claims });
  return claims;
}

function* searched<Facts extends ControllerFacts>(
  snapshot: Sources,
  registry: readonly Facts[],
): Steps<Claims<Facts>> {
  const owners = ownersIn(snapshot, registry);
  const named = new Tally<Facts>();
  const unknown = new Map<string, { controller: string | undefined; objects: ClassedObject[] }>();
  const addUnknown = (name: string, controller: string | undefined, object: ClassedObject) => {
    const known = unknown.get(name);
    if (known === undefined) unknown.set(name, { controller, objects: [object] });
    else known.objects.push(object);
  };
  for (const [at, ingress] of snapshot.ingresses.entries()) {
    const name = classNameOf(ingress) ?? owners.preset;
    const owner = name === undefined ? undefined : owners.ofClass(name);
    if (owner !== undefined) named.add(owner, "Ingress", ` of class ${name}`, ingress);
    else if (name !== undefined) addUnknown(name, owners.controllerOf(name), ingress);
    if (at % AT_ONCE === AT_ONCE - 1) yield;
  }
  for (const [at, object] of snapshot.custom.entries()) {
    const owner = owners.ofKind(object);
    if (owner !== undefined) named.add(owner, object.kind, "", object);
    else if (object.kind === GATEWAY_CLASS) {
      const controller = jsonString(object.spec.controllerName);
      if (controller !== undefined) addUnknown(object.metadata.name, controller, object);
    }
    if (at % AT_ONCE === AT_ONCE - 1) yield;
  }
  const withClass = new Tally<Facts>();
  for (const object of snapshot.ingressClasses) {
    const owner = owners.ofClass(object.metadata.name);
    if (owner !== undefined) withClass.add(owner, object.kind, ` ${object.metadata.name}`, object);
  }
  return {
    named: named.claims(registry),
    withClass: withClass.claims(registry),
    unknown: [...unknown].map(([name, { controller, objects }]) => ({ name, controller, objects })),
  };
}

const GATEWAY_CLASS = "GatewayClass";

/** The field, else an annotation of any controller: `projectcontour.io/ingress.class`. */
function classNameOf({ metadata: { annotations }, spec }: Ingress): string | undefined {
  if (spec.ingressClassName !== undefined) return spec.ingressClassName;
  const usual = annotations.get(CLASS_ANNOTATION);
  if (usual !== undefined) return usual;
  for (const [name, value] of annotations) if (name.endsWith("/ingress.class")) return value;
  return undefined;
}

interface Owners<Facts> {
  readonly preset: string | undefined;
  readonly ofClass: (name: string) => Facts | undefined;
  /** `spec.controller` of an IngressClass. */
  readonly controllerOf: (name: string) => string | undefined;
  readonly ofKind: (object: CustomResource) => Facts | undefined;
}

function ownersIn<Facts extends ControllerFacts>(
  snapshot: Sources,
  registry: readonly Facts[],
): Owners<Facts> {
  const controllers = new Map(
    snapshot.ingressClasses.map(({ metadata, controller }) => [metadata.name, controller]),
  );
  const own = registry.filter(({ classes }) => classes.controller !== "any");
  // Two controllers may share a class; the one among the manifests is meant.
  const oneOf = (candidates: readonly Facts[]) =>
    candidates.length < 2
      ? candidates[0]
      : (candidates.find((facts) => isInstalled(snapshot, facts)) ?? candidates[0]);
  const ofClass = (name: string) => {
    const controller = controllers.get(name);
    return oneOf(
      own.filter(
        ({ classes }) =>
          classes.controller === controller ||
          (classes.installed === name && (controller === undefined || classes.byName !== undefined)),
      ),
    );
  };
  const classes = new Map<string, Facts | undefined>();
  const gatewayClasses = snapshot.custom.filter(({ kind }) => kind === GATEWAY_CLASS);
  const isOwn = ({ spec }: CustomResource, facts: Facts) =>
    jsonString(spec.controllerName) === facts.classes.controller;
  /** Gateways of other controllers alone are none of ours. */
  const isForeign = (facts: Facts) =>
    facts.kinds?.includes(GATEWAY_CLASS) === true &&
    gatewayClasses.length > 0 &&
    !gatewayClasses.some((each) => isOwn(each, facts));
  const kinds = new Map<string, Facts>();
  for (const facts of own)
    if (!isForeign(facts)) for (const kind of facts.kinds ?? []) if (!kinds.has(kind)) kinds.set(kind, facts);
  return {
    preset: defaultClass(snapshot.ingressClasses)?.metadata.name,
    controllerOf: (name) => controllers.get(name),
    ofClass(name) {
      if (!classes.has(name)) classes.set(name, ofClass(name));
      return classes.get(name);
    },
    ofKind(object) {
      const owner = kinds.get(object.kind);
      return owner !== undefined && object.kind === GATEWAY_CLASS && !isOwn(object, owner)
        ? undefined
        : owner;
    },
  };
}

interface Tallied {
  readonly groups: Map<string, { readonly kind: string; readonly behind: string; count: number }>;
  readonly objects: ClassedObject[];
}

/** Objects by controller, and by what they have in common. */
class Tally<Facts extends ControllerFacts> {
  readonly #of = new Map<Facts, Tallied>();

  add(facts: Facts, kind: string, behind: string, object: ClassedObject): void {
    const found: Tallied = this.#of.get(facts) ?? { groups: new Map(), objects: [] };
    this.#of.set(facts, found);
    const group = found.groups.get(kind + behind);
    if (group === undefined) found.groups.set(kind + behind, { kind, behind, count: 1 });
    else group.count += 1;
    found.objects.push(object);
  }

  claims(registry: readonly Facts[]): readonly ControllerClaim<Facts>[] {
    return registry.flatMap((facts) => {
      const found = this.#of.get(facts);
      if (found === undefined) return [];
      const words = [...found.groups.values()].map(
        ({ kind, behind, count }) => countedKind(count, kind) + behind,
      );
      return [{ facts, words, objects: found.objects }];
    });
  }
}
