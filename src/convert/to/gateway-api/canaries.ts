import type { CanaryShare } from "../../../compile/ingress-nginx/annotations/canary.ts";
import { compileRe2 } from "../../../re2/re2.ts";
import { kept, type Made, type MadeFields, plainMade } from "../made.ts";
import { lostAnnotations, nginxAnnotationsOf } from "../nginx/lost.ts";
import type { CanaryPath, ServedPaths } from "../nginx/served-paths.ts";
import type { IngressSource } from "../sources.ts";
import type { KnownChange } from "../target.ts";
import type { RuleDraft, ServicesByName } from "./routes/rules.ts";
import { backendRef } from "./routes/rules.ts";

/** A rule with its canary: rules that a header or cookie chooses, and the rule itself with shares. */
export function withCanary(
  rule: RuleDraft,
  { source, share, path }: CanaryPath,
  services: ServicesByName,
): readonly RuleDraft[] {
  const { ingress } = source;
  const ref = backendRef(path.backend, ingress.metadata.namespace, "", services);
  if (ref === undefined) return [rule];
  const plain: MadeFields = { name: plainMade(ref.name), port: plainMade(ref.port) };
  const [primary = {}] = rule.backendRefs;
  const by = (header: MadeFields, to: Made): RuleDraft => ({
    ...rule,
    field: "",
    matches: rule.matches.map((match) => ({ ...match, headers: [header] })),
    backendRefs: [to as MadeFields],
  });
  // The canary's document goes, and its comments come here.
  const own = kept(plain, ingress);
  const chosen = [
    ...headerTests(share).map(([header, isCanary]) => by(header, isCanary ? own : primary)),
    ...cookieTests(share).map(([header, isCanary]) => by(header, isCanary ? own : primary)),
  ];
  const { weight, total } = weightsOf(share);
  const weighted =
    weight <= 0
      ? [primary]
      : [
          { ...primary, weight: total - weight },
          kept({ ...plain, weight }, ingress) as unknown as MadeFields,
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
  const name = header;
  if (value !== "") return [[{ name, value }, true]];
  if (pattern !== undefined && pattern !== "broken") {
    const source = `.*(?:${pattern.source}).*`;
    return compileRe2(source).kind === "refused"
      ? []
      : [[{ name, type: "RegularExpression", value: source }, true]];
  }
  // Whoever sends the header is kept away by an expression that is none.
  if (pattern === "broken") return [[{ name, type: "RegularExpression", value: ".*" }, false]];
  return [
    [{ name, value: "always" }, true],
    [{ name, value: "never" }, false],
  ];
}

function cookieTests({ rule: { cookie } }: CanaryShare): readonly HeaderTest[] {
  if (cookie === "") return [];
  const literal = cookie.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
  const test = (value: string): MadeFields => ({
    name: "Cookie",
    type: "RegularExpression",
    value: `(?:.*;\\s*)?(?i:${literal})=${value}(?:;.*)?`,
  });
  return [
    [test("always"), true],
    [test("never"), false],
  ];
}

/** A canary's annotations that nothing is made of. */
export function canaryChanges(
  source: IngressSource,
  { served }: { readonly served: ServedPaths },
): readonly KnownChange[] {
  const isUsed = served.isUsed(source);
  const names = nginxAnnotationsOf(source).filter((name) => isUsed && name.startsWith("canary"));
  return lostAnnotations(source, new Set(names));
}
