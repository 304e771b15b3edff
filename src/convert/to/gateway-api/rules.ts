import type { IngressBackend, IngressPath, Service } from "../../../model/resource.ts";
import { servicePortOf } from "../../../service/port.ts";
import { kept, type Made, type MadeFields, unlessEmpty } from "../made.ts";

/** A rule of an HTTPRoute, before it is written. */
export interface RuleDraft {
  /** The path, or default backend, that it stands for. */
  readonly field: string;
  readonly matches: readonly MadeFields[];
  readonly filters: readonly MadeFields[];
  readonly backendRefs: readonly MadeFields[];
}

/** Services by `NAMESPACE/NAME`. */
export type ServicesByName = ReadonlyMap<string, Service>;

/** A path as the condition of a rule. */
export function pathMatch({ path, pathType, field }: IngressPath): MadeFields {
  const type = pathType === "Exact" ? "Exact" : "PathPrefix";
  return {
    path: {
      type: kept(type, `${field}.pathType`),
      value: kept(path === "" ? "/" : path, `${field}.path`),
    },
  };
}

/** `undefined`: no Service, or a port's name that nobody explains. */
export function backendRef(
  backend: IngressBackend,
  namespace: string,
  field: string,
  services: ServicesByName,
): MadeFields | undefined {
  if (backend.kind !== "service") return undefined;
  const { name, port } = backend;
  const service = services.get(`${namespace}/${name}`);
  const number =
    (service && servicePortOf(service, port)?.port) ?? ("number" in port ? port.number : undefined);
  if (number === undefined) return undefined;
  const at = `${field}.service`;
  return { name: kept(name, `${at}.name`), port: kept(number, `${at}.port`) };
}

/** The rule as it is written. What a rule does without is left out. */
export function ruleFields({ field, matches, filters, backendRefs }: RuleDraft): Made {
  const rule: MadeFields = {
    matches: unlessEmpty(matches),
    filters: unlessEmpty(filters),
    backendRefs: unlessEmpty(backendRefs),
  };
  return kept(rule, field);
}

/** Without the fields that values stand for, to compare them. */
export function withoutFields(value: Made | undefined): string {
  return JSON.stringify(value, (key, each: unknown) => (key === "field" ? undefined : each));
}
