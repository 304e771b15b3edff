import { printable } from "../../../ui/printable.ts";
import { canaryOf } from "../../expect/actual.ts";
import type { Decision, HeaderLine } from "../../model/decision.ts";
import { type Reason, textsOf } from "../../model/reason.ts";
import { type Backend, mainBackend, type RouteRule } from "../../model/route.ts";
import type { Explained } from "../predict/work-out.ts";
import type { Answer, PlacedEffect } from "./answer.ts";
import type { Followed } from "./follow.ts";
import { guardInWords } from "./guards.ts";
import type { NearLine } from "./near-lines.ts";
import {
  backendInWords,
  decisionInWords,
  fileAndLine,
  hostAndPathInWords,
  ingressInWords,
} from "./route-in-words.ts";
import { candidateLines, hostLines } from "./tree-lines.ts";

/** The backend that is asked, perhaps a canary's; without a request to a backend, the route's. */
export function backendIn(decision: Decision): Backend | undefined {
  return decision.kind === "forward" ? decision.backend : decision.route && mainBackend(decision.route);
}

function ruleAsRead(rule: RouteRule): string {
  const as = rule.regex ? ", matched as a regular expression" : "";
  return hostAndPathInWords({ ...rule, pathType: rule.pathType + as });
}

/** The title in front of the first line. Long lists are not cut. */
export function titled(title: string, lines: readonly (string | undefined)[]): readonly string[] {
  return lines
    .filter((line) => line !== undefined)
    .map((line, index) => `  ${(index === 0 ? title : "").padEnd(16)}${printable(line)}`);
}

/** Headers set on the response, including a session cookie. */
export function sentBack({ decision, addedHeaders = [] }: Explained): readonly HeaderLine[] {
  const challenge = decision.kind === "forward" ? undefined : decision.headers;
  return [...(decision.responseHeaders ?? []), ...(challenge ?? []), ...addedHeaders];
}

function stepInWords({ text, place }: PlacedEffect): string {
  return place === undefined ? text : `${text}  (${place.setting}, ${fileAndLine(place)})`;
}

function nearInWords({ ingress, rule, file, line, why, url }: NearLine): string {
  const place = file === undefined ? "" : `  ${fileAndLine({ file, line })}`;
  const next = url === undefined ? "" : `  → explain ${url}`;
  return `${ingress} ${hostAndPathInWords(rule)}${place}: ${why}${next}`;
}

function regexInWords({ at }: Reason): string | undefined {
  const annotation = /\/([^/\]]+)\]$/.exec(at?.field ?? "")?.[1];
  return at && `${annotation} of Ingress ${at.ingress}  ${fileAndLine(at)}`;
}

/** Production draws anew whenever its configuration changes. */
function drawnInWords({ decision }: Explained): string {
  const { route } = decision;
  const parts = [
    decisionInWords(decision),
    route?.rule && ruleAsRead(route.rule),
    route && ingressInWords(route),
  ];
  return parts.filter((part) => part !== undefined).join("  ");
}

type Told = Explained & Pick<Answer, "headers"> & Partial<Answer>;

/** For people: the decision first, then its reasons. */
export function explainText(answer: Told): readonly string[] {
  const { facts, decision, upstream, rejected, headers, steps = [], near = [], regexBy, tree } = answer;
  const { route } = decision;
  const backend = backendIn(decision);
  const asked = `${facts.method} ${facts.scheme}://${facts.host}${facts.target}`;
  const forwarded = decision.kind === "forward";
  const guards = decision.guards ?? [];
  const askedFirst = guards.map(({ why }) => why.text);
  return [
    `${printable(asked)}  → ${printable(decisionInWords(decision))}`,
    "",
    ...titled("Rule", [route?.rule && ruleAsRead(route.rule)]),
    ...titled(route?.ingress?.kind ?? "Ingress", [route && ingressInWords(route)]),
    ...titled("May also be", (answer.drawn ?? []).map(drawnInWords)),
    ...titled("Canary", [canaryOf(decision)?.ingress]),
    ...titled("Backend", [backend && backendInWords(backend)]),
    ...titled("Served by", [upstream]),
    ...titled("Asked for", [forwarded ? `${facts.method} ${decision.upstreamPath}` : undefined]),
    ...titled(
      "Headers set",
      forwarded ? Object.entries(headers).map(([name, value]) => `${name}: ${value}`) : [],
    ),
    ...titled(
      "Sent back",
      sentBack(answer).map(([name, value]) => `${name}: ${value}`),
    ),
    ...titled(
      "Asked first",
      guards.map((guard) => guardInWords(guard, answer)),
    ),
    // The decision alone stands in the first line already.
    ...titled("Steps", steps.length > 1 || steps[0]?.place ? steps.map(stepInWords) : []),
    ...titled(
      "Why",
      textsOf(decision.why).filter((sentence) => !askedFirst.includes(sentence)),
    ),
    ...titled("Regex set by", [regexBy && regexInWords(regexBy)]),
    ...titled(
      "Rejected",
      rejected.map(({ ingress, rule, why }) => `${ingress} ${hostAndPathInWords(rule)}: ${why.text}`),
    ),
    ...titled("Near", near.map(nearInWords)),
    ...titled("Hosts", tree === undefined ? [] : hostLines(tree)),
    ...titled("Candidates", tree === undefined ? [] : candidateLines(tree)),
    ...titled("In the cluster", answer.differences),
  ];
}

/** Every request in turn, then what ended it. */
export function followedText({ hops, end, why }: Followed): readonly string[] {
  const answers = hops.flatMap(({ answer }) => [...explainText(answer), ""]);
  return [...answers, printable(`${ENDS[end]}: ${why}`)];
}

const ENDS: Readonly<Record<Followed["end"], string>> = {
  answered: "Followed",
  loop: "Loop",
  leaves: "Ends here",
  "too-many": "Too many redirects",
};
