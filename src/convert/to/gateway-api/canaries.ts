import type { CanaryShare } from "../../../compile/ingress-nginx/annotations/canary.ts";
import type { IngressPath } from "../../../model/resource.ts";
import { compileRe2 } from "../../../re2/re2.ts";
import { kept, type MadeFields } from "../made.ts";
import { annotationField, lostAnnotations, nginxAnnotationsOf } from "../nginx/lost.ts";
import type { IngressSource } from "../sources.ts";
import type { KnownChange } from "../target.ts";
import type { RuleDraft, ServicesByName } from "./rules.ts";
import { backendRef } from "./rules.ts";

/** A path of a canary Ingress. */
interface CanaryPath {
  readonly source: IngressSource;
  readonly share: CanaryShare;
  readonly path: IngressPath;
}

/** By namespace, host, path and type of the path that a canary is an alternative to. */
export type Canaries = ReadonlyMap<string, CanaryPath>;

export function canaryKey(namespace: string, host: string, { path, pathType }: IngressPath): string {
  return JSON.stringify([namespace, host, path, pathType]);
}

export function canariesIn(sources: readonly IngressSource[]): Canaries {
  const found = new Map<string, CanaryPath>();
  for (const source of sources) {
    const share = source.nginx?.settings.canary;
    if (share === undefined) continue;
    for (const { host, paths = [] } of source.ingress.spec.rules)
      for (const path of paths) {
        const key = canaryKey(source.ingress.metadata.namespace, host, path);
        if (!found.has(key)) found.set(key, { source, share, path });
      }
  }
  return found;
}

/** A rule with its canary: rules that a header or cookie chooses, and the rule itself with shares. */
export function withCanary(
  rule: RuleDraft,
  { source, share, path }: CanaryPath,
  services: ServicesByName,
): readonly RuleDraft[] {
  const { namespace } = source.ingress.metadata;
  const ref = backendRef(path.backend, namespace, `${path.field}.backend`, services);
  if (ref === undefined) return [rule];
  const plain: MadeFields = { name: ref.name, port: ref.port };
  const [primary = {}] = rule.backendRefs;
  const by = (header: MadeFields, to: MadeFields): RuleDraft => ({
    ...rule,
    field: "",
    matches: rule.matches.map((match) => ({ ...match, headers: [header] })),
    backendRefs: [to],
  });
  const chosen = [
    ...headerTests(share).map(([header, isCanary]) => by(header, isCanary ? plain : primary)),
    ...cookieTests(share).map(([header, isCanary]) => by(header, isCanary ? plain : primary)),
  ];
  const { weight, total } = weightsOf(share);
  const weighted =
    weight <= 0
      ? [primary]
      : [
          { ...primary, weight: total - weight },
          { ...plain, weight: kept(weight, annotationField("canary-weight")) },
        ];
  return [...chosen, { ...rule, backendRefs: weighted }];
}

/** The API server takes no larger one. */
const MOST_WEIGHT = 1_000_000;

function weightsOf({ weight, weightTotal }: CanaryShare): {
  readonly weight: number;
  readonly total: number;
} {
  const own = Math.min(Math.max(weight, 0), Math.max(weightTotal, 0));
  if (weightTotal <= MOST_WEIGHT) return { weight: own, total: weightTotal };
  return { weight: Math.round((own / weightTotal) * MOST_WEIGHT), total: MOST_WEIGHT };
}

type HeaderTest = readonly [header: MadeFields, isCanary: boolean];

function headerTests({ rule: { header, value, pattern } }: CanaryShare): readonly HeaderTest[] {
  if (header === "") return [];
  const name = kept(header, annotationField("canary-by-header"));
  if (value !== "") return [[{ name, value: kept(value, annotationField("canary-by-header-value")) }, true]];
  if (pattern !== undefined && pattern !== "broken") {
    const source = `.*(?:${pattern.source}).*`;
    return compileRe2(source).kind === "refused"
      ? []
      : [[{ name, type: "RegularExpression", value: source }, true]];
  }
  if (pattern === "broken") return [];
  return [
    [{ name, value: "always" }, true],
    [{ name: header, value: "never" }, false],
  ];
}

function cookieTests({ rule: { cookie } }: CanaryShare): readonly HeaderTest[] {
  if (cookie === "") return [];
  const literal = cookie.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
  const test = (value: string): MadeFields => ({
    name: "Cookie",
    type: "RegularExpression",
    value: `(?:.*;\\s*)?${literal}=${value}(?:;.*)?`,
  });
  return [
    [test("always"), true],
    [test("never"), false],
  ];
}

/** A canary's annotations that nothing is made of. */
export function canaryChanges(
  source: IngressSource,
  { canaries }: { readonly canaries: Canaries },
): readonly KnownChange[] {
  const isUsed = [...canaries.values()].some((canary) => canary.source === source);
  const names = nginxAnnotationsOf(source).filter((name) => isUsed && name.startsWith("canary"));
  return lostAnnotations(source, new Set(names));
}
