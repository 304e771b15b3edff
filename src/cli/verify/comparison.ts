import type { Difference } from "../../diff/difference.ts";
import type { SampleRequest } from "../../model/sample-request.ts";
import { headerIn } from "../../request/header-line.ts";
import { expectedInWords, isExpected, shownInWords, showSame } from "../../verify/judge/certificate.ts";
import type { Judgement, JudgeOptions } from "../../verify/judge/judge.ts";
import { judge } from "../../verify/judge/judge.ts";
import { judgePair } from "../../verify/judge/judge-pair.ts";
import type { LiveAnswer } from "../../verify/live-answer.ts";
import { serverNameOf } from "../../verify/server-name.ts";
import type { Target } from "../../verify/target.ts";
import { answeredSide, differing, otherCertificate, predictedSide } from "./differing.ts";
import type { Prediction } from "./predicted.ts";
import { count } from "./send-plan.ts";

/** What was found so far. */
export interface Comparison {
  /** Takes the answers to a request, in the order of the controllers. */
  readonly take: (request: SampleRequest, answers: readonly LiveAnswer[]) => "expected" | "unexpected";
  readonly differences: readonly Difference[];
  /** Numbers of requests. */
  readonly compared: () => number;
  readonly undecided: ReadonlyMap<string, number>;
  /** Forwarded requests, by whether the answer says which Service answered. */
  readonly services: () => { readonly told: number; readonly notTold: number };
}

export function createComparison(
  prediction: Pick<Prediction, "outcomes" | "handshake">,
  targets: readonly Target[],
  options: Omit<JudgeOptions, "ports">,
): Comparison {
  const differences: Difference[] = [];
  const undecided = new Map<string, number>();
  const namesTold = new Set<string>();
  let [compared, told, notTold] = [0, 0, 0];

  function note(verdict: Judgement): "expected" | "unexpected" {
    if (verdict.kind === "undecided") {
      count(undecided, verdict.why);
      return "expected";
    }
    compared += 1;
    if (verdict.kind === "different") return "unexpected";
    if (verdict.service === "told") told += 1;
    if (verdict.service === "not told") notTold += 1;
    return "expected";
  }

  /** The certificate of a name is judged once. */
  function isNew(request: SampleRequest): string | undefined {
    if (request.scheme === "http") return undefined;
    const name = serverNameOf(headerIn(request.headers, "host") ?? "") ?? "no name";
    if (namesTold.has(name)) return undefined;
    namesTold.add(name);
    return name;
  }

  function takeOne(request: SampleRequest, answer: LiveAnswer): "expected" | "unexpected" {
    const handshake = prediction.handshake(request);
    if (handshake === "refused" && answer.kind === "silent" && answer.during === "TLS")
      return note({ kind: "same", service: "none" });
    const outcomes = prediction.outcomes(request);
    const verdict = judge(outcomes, answer, { ...options, ports: targets[0]?.ports ?? {} });
    const first = predictedSide(outcomes[0]);
    if (verdict.kind === "different")
      differences.push(differing(request, verdict, first, answeredSide(answer, verdict)));
    const name = answer.kind === "silent" && answer.certificate === undefined ? undefined : isNew(request);
    if (name !== undefined && typeof handshake === "object" && !isExpected(handshake, answer.certificate)) {
      const facts = { name, expected: expectedInWords(handshake), shown: answer.certificate };
      differences.push(otherCertificate(request, facts, first, answeredSide(answer, {})));
    }
    return note(verdict);
  }

  function takePair(
    request: SampleRequest,
    answers: readonly [LiveAnswer, LiveAnswer],
  ): "expected" | "unexpected" {
    const [a, b] = answers;
    const outcomes = prediction.outcomes(request);
    const ports = [targets[0]?.ports ?? {}, targets[1]?.ports ?? {}] as const;
    const verdict = judgePair(outcomes, answers, { known: options.known, ports });
    const sides = [answeredSide(a, {}), answeredSide(b, {})] as const;
    if (verdict.kind === "different")
      differences.push(differing(request, verdict, sides[0], answeredSide(b, verdict)));
    const name = a.kind === "silent" || b.kind === "silent" ? undefined : isNew(request);
    if (name !== undefined && !showSame(a.certificate, b.certificate)) {
      const facts = { name, expected: shownInWords(a.certificate), shown: b.certificate };
      differences.push(otherCertificate(request, facts, ...sides));
    }
    return note(verdict);
  }

  return {
    take: (request, answers) => {
      const [first, second] = answers;
      if (first === undefined) return "expected";
      return second === undefined ? takeOne(request, first) : takePair(request, [first, second]);
    },
    differences,
    compared: () => compared,
    undecided,
    services: () => ({ told, notTold }),
  };
}
