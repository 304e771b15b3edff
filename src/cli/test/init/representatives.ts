import { type CoveredRule, reachedRule, rulesIn } from "../../../expect/coverage.ts";
import type { TestRequest } from "../../../expect/test-file.ts";
import type { Outcome } from "../../../match/outcome.ts";
import type { SampleRequest } from "../../../model/sample-request.ts";
import { isHostLine } from "../../../request/header-line.ts";
import { bytesAsText, textAsBytes } from "../../../request/utf8.ts";
import { witnessesOf } from "../../../witness/witness.ts";
import { readRequestUrl } from "../../predict/request-url.ts";
import type { TestTarget } from "../targets.ts";

/** A rule, and a request that reaches it. */
interface Representative {
  readonly rule: CoveredRule;
  readonly request: TestRequest;
  readonly outcome: Outcome;
}

export interface Representatives {
  readonly found: readonly Representative[];
  /** Rules that no request was found for. */
  readonly missed: readonly CoveredRule[];
}

/** Witnesses that are tried for rules that their own host and path do not reach. */
const MOST_WITNESSES = 500_000;
const HTTPS = 443;

/**
 * One request for each rule, and both schemes where http is redirected: the rule's own host and path if they reach it,
 * else the plainest of the witnesses.
 */
export function representativesOf(target: TestTarget): Representatives {
  const rules = rulesIn(target.table, target.placeOf);
  const found = new Map<string, readonly Candidate[]>();
  for (const [key, rule] of rules) {
    const own = ownCandidates(rule, target).filter(({ outcome }) => reachedRule(outcome) === key);
    const taken = own.filter(isForward).slice(0, 1);
    const redirect = own.filter(({ outcome }) => outcome.decision.kind === "redirect").slice(0, 1);
    if (own.length > 0) found.set(key, taken.length > 0 ? [...redirect, ...taken] : own.slice(0, 1));
  }
  const isLeft = (key: string) => rules.has(key) && found.get(key)?.some(isForward) !== true;
  const left = new Set([...rules.keys()].filter(isLeft));
  for (const [key, candidate] of witnessed(target, left)) {
    // A witness takes the place of nothing, or of an answer that is no request to a backend.
    if (!found.has(key) || isForward(candidate)) found.set(key, [candidate]);
  }
  return {
    found: [...rules].flatMap(([key, rule]) =>
      (found.get(key) ?? []).map(({ request, outcome }) => ({ rule, request, outcome })),
    ),
    missed: [...rules].filter(([key]) => !found.has(key)).map(([, rule]) => rule),
  };
}

interface Candidate {
  readonly request: TestRequest;
  readonly outcome: Outcome;
}

function isForward({ outcome }: Candidate): boolean {
  return outcome.decision.kind === "forward";
}

/** A host that no rule names. */
const STRANGER = "any.test";

function ownCandidates({ rule }: CoveredRule, { predictor }: TestTarget): readonly Candidate[] {
  const host = (rule?.host ?? "").replace(/^\*\./, "www.") || STRANGER;
  const path = rule?.path ?? "/";
  if (!/^[\w.-]+$/.test(host) || !/^\/[\w./~%-]*$/.test(path)) return [];
  return ["http", "https"].map((scheme) => {
    const request: TestRequest = { method: "GET", url: `${scheme}://${host}${path}`, headers: [] };
    return { request, outcome: predictor.outcome(predictor.sample(request)) };
  });
}

/** The plainest witness for each rule that is left, a request to a backend before all others. */
function witnessed(
  { table, predictor }: TestTarget,
  left: ReadonlySet<string>,
): ReadonlyMap<string, Candidate> {
  const best = new Map<string, Candidate>();
  let tried = 0;
  if (left.size === 0) return best;
  for (const { request: sample } of witnessesOf([table]).requests) {
    if (++tried > MOST_WITNESSES) break;
    const outcome = predictor.outcome(sample);
    const key = reachedRule(outcome);
    if (key === undefined || !left.has(key)) continue;
    const request = asWritten(sample);
    if (request === undefined) continue;
    const candidate = { request, outcome };
    const before = best.get(key);
    if (before === undefined || oddness(candidate) < oddness(before)) best.set(key, candidate);
  }
  return best;
}

function oddness(candidate: Candidate): number {
  const { method, url, headers, bodySize, client, chance } = candidate.request;
  const others = [bodySize, client, chance].filter((each) => each !== undefined).length;
  const isShort = isForward(candidate) ? 0 : 1_000_000;
  return isShort + 10_000 * (others + headers.length + (method === "GET" ? 0 : 1)) + url.length;
}

/** A sample as a test file can say it; `undefined`: it cannot. */
function asWritten({
  scheme,
  method,
  target,
  headers,
  bodySize,
  client,
  chance,
}: SampleRequest): TestRequest | undefined {
  const hosts = headers.filter(isHostLine);
  const [named] = hosts;
  if (named === undefined || hosts.length > 1) return undefined;
  const url = `${scheme}://${named[1]}${bytesAsText(target)}`;
  const others = headers.filter((line) => !isHostLine(line));
  // A password of ours is a right one only as long as nobody compares it.
  if (others.some(([name]) => name.toLowerCase() === "authorization")) return undefined;
  const isText = textAsBytes(bytesAsText(target)) === target;
  if (!isText || others.some(([, value]) => !/^[\x20-\x7e]*$/.test(value)) || !isUrl(url)) return undefined;
  return { method, url, headers: others, bodySize, client, chance };
}

function isUrl(url: string): boolean {
  try {
    readRequestUrl(url, HTTPS);
    return true;
  } catch {
    return false;
  }
}
