import type { Problem } from "../model/problem.ts";
import type { VirtualHost } from "../model/route/selection.ts";
import type { Route } from "../model/route.ts";
import type { SampleRequest } from "../model/sample-request.ts";
import { samplesOf } from "../pcre/samples.ts";
import type { RewriteStep } from "../step/rewrite.ts";
import { findingOf, pathInWords } from "./finding.ts";
import { type Examined, everyHost, getOf, nameFor, openScheme, ruledEntries, witnessUrl } from "./probe.ts";

/** `rewrite-target` that loses what comes after the path, and groups that the path does not have; once for an Ingress. */
export function* lossyRewrites(examined: Examined): Iterable<Problem> {
  const seen = new Set<string>();
  for (const host of everyHost(examined.table))
    for (const { route } of ruledEntries(host)) {
      const step = route.steps.find(({ kind }) => kind === "rewrite");
      if (step?.kind !== "rewrite") continue;
      const key = `${route.ingress?.namespace}/${route.ingress?.name}`;
      if (seen.has(key)) continue;
      const found = missingGroup(examined, host, route, step) ?? lostRest(examined, host, route, step);
      if (found === undefined) continue;
      seen.add(key);
      yield found;
    }
}

/** A target with a dot in its last element is a file, meant for all paths: `/index.html`. */
function isFile(target: string): boolean {
  return /\.[^/]*$/.test(target);
}

function lostRest(
  examined: Examined,
  host: VirtualHost,
  route: Route,
  { pattern, target }: RewriteStep,
): Problem | undefined {
  const { rule } = route;
  const isFixed = target.parts.every((part) => typeof part === "string");
  if (rule === undefined || !isFixed || rule.pathType === "Exact" || isFile(target.source)) return undefined;
  const [, literal = "/"] = /^(\/[\w/.~-]*?)\/?(?:\(.*|\.\*)?$/.exec(rule.path) ?? [];
  const below = literal === "/" ? "" : literal;
  const witness = getOf(openScheme(route), nameFor(host), `${below}/users/7`);
  // A fixed target is the same for every path that the expression matches.
  if (!Array.isArray(pattern.exec(`${below}/orders`)) || sentBy(examined, route, witness) !== target.source)
    return undefined;
  const [capturing, group] = below === "" ? ["/(.*)", "$1"] : [`${below}(/|$)(.*)`, "$2"];
  const kept = `${target.source.replace(/\/$/, "")}/${group}`;
  return findingOf(examined, route, {
    code: "rewrite-drops-path",
    level: "warning",
    message: `rewrite-target "${target.source}" drops the rest of the path: the backend of ${pathInWords(route)} gets ${target.source} for ${witnessUrl(witness)}, as for every other path below`,
    fix: `Capture the rest: path: ${capturing} with pathType: ImplementationSpecific, and rewrite-target: ${kept}`,
    witness,
  });
}

function missingGroup(
  examined: Examined,
  host: VirtualHost,
  route: Route,
  { pattern, target }: RewriteStep,
): Problem | undefined {
  const asked = target.parts.flatMap((part) =>
    typeof part === "object" && "capture" in part ? [part.capture] : [],
  );
  const highest = asked.reduce((most, number) => Math.max(most, number), 0);
  // Every group has a parenthesis: most expressions need no closer look.
  if (highest === 0 || pattern.source.split("(").length > highest) return undefined;
  for (const path of samplesOf(pattern, "/").matching.filter((text) => /^[\w/.~-]+$/.test(text))) {
    const captures = pattern.exec(path);
    if (captures === null || captures === "too-complex") continue;
    const groups = captures.length - 1;
    if (groups >= highest) return undefined;
    const request = getOf(openScheme(route), nameFor(host), path);
    const sent = sentBy(examined, route, request);
    if (sent === undefined) continue;
    const has = groups === 0 ? "no group" : groups === 1 ? "one group" : `${groups} groups`;
    return findingOf(examined, route, {
      code: "rewrite-missing-group",
      level: "warning",
      message: `rewrite-target "${target.source}" uses $${highest}, and the expression of ${pathInWords(route)} has ${has}: it is always empty, so the backend gets ${sent} for ${witnessUrl(request)}`,
      fix: groups === 0 ? fixOf(route) : `Use $${groups}, or add the group to the path.`,
      witness: request,
    });
  }
  return undefined;
}

function fixOf({ rule }: Route): string {
  const path = (rule?.path ?? "/").replace(/\/$/, "");
  return `Capture the rest in the path: ${path}(/|$)(.*) with pathType: ImplementationSpecific, and $2 in rewrite-target.`;
}

/** The path that the route's backend gets; `undefined`: it gets none, or another route has the request. */
function sentBy({ outcome }: Examined, { id }: Route, request: SampleRequest): string | undefined {
  const { decision } = outcome(request);
  if (decision.kind !== "forward" || decision.route.id !== id || decision.errorPage !== undefined)
    return undefined;
  return decision.upstreamPath;
}
