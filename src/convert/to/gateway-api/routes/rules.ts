import type { IngressBackend, Service } from "../../../../model/resource.ts";
import { servicePortOf } from "../../../../service/port.ts";
import { kept, type Made, type MadeFields, plainMade, unlessEmpty } from "../../made.ts";

/** A rule of an HTTPRoute, before it is written. */
export interface RuleDraft {
  /** The path, or default backend, that it stands for; `""`: none alone. */
  readonly field: string;
  readonly matches: readonly MadeFields[];
  readonly filters: readonly MadeFields[];
  readonly backendRefs: readonly MadeFields[];
  /** Timeouts and the like. */
  readonly more?: MadeFields | undefined;
}

/** Services by `NAMESPACE/NAME`. */
export type ServicesByName = ReadonlyMap<string, Service>;

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
  const known = service && servicePortOf(service, port)?.port;
  const number = known ?? ("number" in port ? port.number : undefined);
  if (number === undefined) return undefined;
  const at = `${field}.service`;
  return { name: kept(name, `${at}.name`), port: kept(number, `${at}.port`) };
}

/** The rule as it is written. What a rule does without is left out. */
export function ruleFields({ field, matches, filters, backendRefs, more = {} }: RuleDraft): Made {
  const rule: MadeFields = {
    matches: unlessEmpty(matches),
    filters: unlessEmpty(joinedRewrites(filters)),
    backendRefs: unlessEmpty(backendRefs),
    ...more,
  };
  return field === "" ? rule : kept(rule, field);
}

/** A rule has one filter of each kind: host and path are rewritten by one. */
function joinedRewrites(filters: readonly MadeFields[]): readonly MadeFields[] {
  const rewrites: MadeFields = Object.assign({}, ...filters.map(rewriteOf));
  const [first, another] = filters.filter((filter) => fieldsOf(filter).type === "URLRewrite");
  if (another === undefined) return filters;
  const joined = { type: "URLRewrite", urlRewrite: rewrites };
  return filters.flatMap((filter) => {
    if (fieldsOf(filter).type !== "URLRewrite") return [filter];
    return filter === first ? [joined] : [];
  });
}

function rewriteOf(filter: MadeFields): MadeFields {
  return fieldsOf(fieldsOf(filter).urlRewrite ?? {});
}

function fieldsOf(made: Made): MadeFields {
  const plain = plainMade(made);
  return typeof plain === "object" && plain !== null && !Array.isArray(plain) ? (plain as MadeFields) : {};
}

/** Equal for values that are written alike. */
export function withoutFields(value: Made | undefined): string {
  return JSON.stringify(value, (key, each: unknown) => (key === "field" ? undefined : each));
}
