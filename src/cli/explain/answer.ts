import { furtherDraws } from "../../match/drawn.ts";
import { regexCause } from "../../match/regex-cause.ts";
import { type CandidateTree, candidateTree } from "../../match/tree.ts";
import type { Reason } from "../../model/reason.ts";
import type { SampleRequest } from "../../model/sample-request.ts";
import { planeFor } from "../../select/table.ts";
import type { Explained } from "../predict/work-out.ts";
import type { Predictor } from "../predict.ts";
import { stoppedInWords } from "../routing/in-force.ts";
import type { Routing } from "../routing.ts";
import { effectsOf, type StepEffect } from "./effects.ts";
import { headersSet } from "./headers-set.ts";
import { clusterDifferences } from "./in-cluster.ts";
import { type NearLine, nearLines } from "./near-lines.ts";
import { placeOfEffect, type SettingPlace } from "./places.ts";

/** An effect, with the annotation or option that asks for it. */
export interface PlacedEffect extends StepEffect {
  readonly place: SettingPlace | undefined;
}

/** All that `explain` says about one request. */
export interface Answer extends Explained {
  /** Set on the backend's request. */
  readonly headers: Readonly<Record<string, string>>;
  /** In their order; the last is the decision. */
  readonly steps?: readonly PlacedEffect[] | undefined;
  readonly near?: readonly NearLine[] | undefined;
  /** Who made every path of the host a regular expression. */
  readonly regexBy?: Reason | undefined;
  /** What production answers by its other draws, in their order. default: it draws nothing */
  readonly drawn?: readonly Explained[] | undefined;
  /** With `--tree`. */
  readonly tree?: CandidateTree | undefined;
}

export type Answerer = (request: SampleRequest) => Promise<Answer>;

export function createAnswerer(
  routing: Routing,
  predictor: Predictor,
  { tree }: { readonly tree: boolean },
): Answerer {
  const { table, compiled } = routing;
  const stopped = stoppedInWords(compiled);
  return async (request) => {
    const explained = await predictor.answer(request);
    const { facts, decision, taken = [] } = explained;
    const own = [...explained.differences, ...clusterDifferences(explained, routing)];
    const isEarly =
      (decision.kind === "respond" && decision.madeBy === "head") || taken.some(({ of }) => of === "host");
    return {
      ...explained,
      differences: stopped === undefined ? own : [stopped],
      headers: headersSet(planeFor(table, facts), facts, decision),
      steps: effectsOf(explained).map((effect) => ({ ...effect, place: placeOfEffect(effect, routing) })),
      near: nearLines(explained, request, routing, predictor),
      drawn: await Promise.all(furtherDraws(explained, (drawn) => predictor.answer(request, drawn))),
      regexBy: regexCause(table, facts),
      tree: tree ? candidateTree(table, facts, isEarly ? "answered early" : "searched") : undefined,
    };
  };
}
