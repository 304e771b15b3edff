import type { NearMiss, NearRequest } from "../../match/near.ts";
import { isMissed, nearMisses } from "../../match/near.ts";
import type { SampleRequest } from "../../model/sample-request.ts";
import { isHostLine } from "../../request/header-line.ts";
import { bytesAsText } from "../../request/utf8.ts";
import type { Explained } from "../predict/work-out.ts";
import type { Predictor } from "../predict.ts";
import type { Routing } from "../routing.ts";
import { unservedRules } from "./unserved.ts";

/** A rule that nearly matches, in the form of `-o json`. */
export interface NearLine {
  readonly ingress: string;
  readonly rule: { readonly host: string; readonly path: string; readonly pathType: string };
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly why: string;
  /** Matches the rule. default: no URL does, as of an Ingress that is not served */
  readonly url?: string | undefined;
}

/** Rules that nearly match a request, nearest first: those that are not served, then those that need another URL. */
export function nearLines(
  answer: Explained,
  request: SampleRequest,
  routing: Routing,
  { outcome, sample }: Predictor,
): readonly NearLine[] {
  if (!isMissed(answer)) return [];
  const reached = (near: NearRequest) => {
    const { method, headers, bodySize } = request;
    const others = headers.filter((line) => !isHostLine(line));
    return outcome(sample({ url: urlOf(near), method, headers: others, bodySize })).decision.route;
  };
  const misses = nearMisses(routing.table, answer, reached);
  return [...unservedRules(answer.facts, routing), ...misses.map(lineOf)];
}

function lineOf({ route, rule, why, request }: NearMiss): NearLine {
  const { host, path, pathType } = rule;
  return {
    ingress: `${route.ingress?.namespace}/${route.ingress?.name}`,
    rule: { host, path, pathType },
    file: route.ingress?.file,
    line: route.ingress?.line || undefined,
    why,
    url: urlOf(request),
  };
}

/** What `explain` takes. Bytes above 127 stay as they are written. */
function urlOf({ scheme, host, target }: NearRequest): string {
  return `${scheme}://${host}${bytesAsText(target)}`;
}
