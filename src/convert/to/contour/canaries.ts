import { compileRe2 } from "../../../re2/re2.ts";
import { kept, type Made, type MadeFields } from "../made.ts";
import type { CanaryPath } from "../nginx/served-paths.ts";

interface CanaryRoute {
  /** Beside the path's. */
  readonly conditions: readonly MadeFields[];
  readonly services: readonly Made[];
  /** The route of the path itself, with shares. */
  readonly isWhole?: true;
}

/** Routes that a header or cookie chooses, and the route itself with shares. Contour takes those with more conditions first. */
export function canaryRoutes(
  { share, source }: CanaryPath,
  service: MadeFields,
  other: MadeFields,
): readonly CanaryRoute[] {
  // The canary's document goes, and its comments come here.
  const next = kept(other, source.ingress);
  const { rule, weight, weightTotal } = share;
  const own = Math.min(weight, weightTotal);
  const shares =
    own <= 0
      ? [service]
      : [{ ...service, weight: weightTotal - own }, kept({ ...other, weight: own }, source.ingress)];
  return [
    ...byCookie(rule, service, next),
    ...byHeader(rule, service, next),
    { conditions: [], services: shares, isWhole: true },
  ];
}

type Rule = CanaryPath["share"]["rule"];

function byCookie(
  { cookie, header, value, pattern }: Rule,
  service: Made,
  next: Made,
): readonly CanaryRoute[] {
  if (cookie === "") return [];
  const test = (text: string): MadeFields => ({
    header: { name: "Cookie", regex: `(?:.*;\\s*)?(?i:${literal(cookie)})=${text}(?:;.*)?` },
  });
  // A header decides first.
  const isOpen = header === "" || value !== "" || pattern === "broken" ? [] : ["always", "never"];
  const others = isOpen.map((text) => ({
    header: { name: header, notexact: text, treatMissingAsEmpty: true },
  }));
  return [
    { conditions: [test("always"), ...others], services: [next] },
    { conditions: [test("never"), ...others], services: [service] },
  ];
}

function byHeader({ header: name, value, pattern }: Rule, service: Made, next: Made): readonly CanaryRoute[] {
  if (name === "") return [];
  const of = (test: MadeFields, to: Made) => ({
    conditions: [{ header: { name, ...test } }],
    services: [to],
  });
  // Whoever sends the header is kept away by an expression that is none.
  if (pattern === "broken") return [of({ present: true }, service)];
  if (pattern !== undefined) {
    const regex = `.*(?:${pattern.source}).*`;
    return compileRe2(regex).kind === "compiled" ? [of({ regex }, next)] : [];
  }
  if (value !== "") return [of({ exact: value }, next)];
  return [of({ exact: "always" }, next), of({ exact: "never" }, service)];
}

function literal(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}
