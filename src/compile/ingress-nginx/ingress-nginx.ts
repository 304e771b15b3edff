import { append } from "../../append.ts";
import type { Problem } from "../../model/problem.ts";
import type { Ingress } from "../../model/resource.ts";
import type { Steps } from "../../steps.ts";
import type { CompiledByController } from "../controller.ts";
import type { Revision } from "../memory.ts";
import { OVERLAPS } from "./admission/overlap.ts";
import { CONFIG } from "./config.ts";
import { layOut } from "./layout.ts";
import { SETTLING, type SettledIngress } from "./settling.ts";
import { stoppingAmong } from "./stops.ts";
import { type Survey, surveyOf } from "./survey.ts";

/** Compiles Ingresses, oldest first, as ingress-nginx v1.15.1 does. */
export function* compileIngressNginx(
  ingresses: readonly Ingress[],
  revision: Revision,
): Steps<CompiledByController> {
  const problems: Problem[] = [...revision.for(CONFIG).problems];
  const settled: SettledIngress[] = [];
  for (const ingress of ingresses) {
    const { owner, problems: found } = yield* revision.inSteps(SETTLING, ingress);
    if (owner !== undefined) settled.push(owner);
    append(problems, found);
    yield;
  }
  const survey = yield* surveyOf(settled, revision);
  yield* revision.supply(...survey.supplies);
  append(problems, yield* overlaps(survey, revision));
  const whole = yield* layOut(survey, settled, revision);
  const stopping = yield* stoppingAmong(settled, revision);
  append(problems, stopping.problems);
  if (stopping.owners.size === 0) return { ...whole, problems: [...problems, ...whole.problems] };
  // Serves all but the Ingresses for which nginx refuses the configuration.
  const others = settled.filter((owner) => !stopping.owners.has(owner));
  const again = revision.again();
  const surveyed = yield* surveyOf(others, again, settled);
  yield* again.supply(...surveyed.supplies);
  const rest = yield* layOut(surveyed, others, again);
  append(problems, whole.problems.filter(isStop));
  append(
    problems,
    rest.problems.filter((problem) => !isStop(problem)),
  );
  return { ...rest, problems };
}

function* overlaps({ servers, shared }: Survey, revision: Revision): Steps<readonly Problem[]> {
  const problems: Problem[] = [];
  // Only other Ingresses' locations count.
  for (const host of shared.size === 0 ? [] : servers) {
    if (!shared.has(host)) continue;
    append(problems, yield* revision.inSteps(OVERLAPS, host));
    yield;
  }
  return problems;
}

function isStop({ stops }: Problem): boolean {
  return stops !== undefined;
}
