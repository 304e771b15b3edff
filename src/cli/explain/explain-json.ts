import { safeJson } from "../../../ui/safe-json.ts";
import { canaryOf } from "../../expect/actual.ts";
import type { Decision } from "../../model/decision.ts";
import { textsOf } from "../../model/reason.ts";
import type { Answer, PlacedEffect } from "./answer.ts";
import type { Followed } from "./follow.ts";
import { verdictOn } from "./guards.ts";
import { backendIn, sentBack } from "./print-explain.ts";
import { portOf } from "./route-in-words.ts";
import { treeForScripts } from "./tree-lines.ts";

/** Each where there are several. */
interface Asked {
  /** As written. */
  readonly url?: string | undefined;
  readonly controller?: string | undefined;
}

/**
 * For scripts, on one line: `explain -o json` of the contract. Fields that do not apply are left out. `url`: as written,
 * where there are several.
 */
export function explainJson(answer: Answer, asked: Asked = {}): string {
  return safeJson({ ...asked, ...forScripts(answer) });
}

/** The first answer, with every request that follows from it. */
export function followedJson({ hops, end, why }: Followed, asked: Asked): string {
  return safeJson({
    ...asked,
    ...forScripts(hops[0].answer),
    hops: hops.map((hop) => ({ url: hop.url, ...forScripts(hop.answer) })),
    end,
    endWhy: why,
  });
}

function forScripts(answer: Answer): object {
  const {
    decision,
    upstream,
    rejected,
    differences,
    headers,
    steps,
    near = [],
    regexBy,
    tree,
    drawn = [],
  } = answer;
  return {
    ...decisionForScripts(decision),
    canary: canaryOf(decision)?.ingress,
    upstream,
    upstreamPath: decision.kind === "forward" ? decision.upstreamPath : undefined,
    requestHeaders: decision.kind === "forward" ? headers : undefined,
    responseHeaders: sentBack(answer).length === 0 ? undefined : Object.fromEntries(sentBack(answer)),
    guards: decision.guards?.map((guard) => ({
      kind: guard.kind,
      why: guard.why.text,
      verdict: verdictOn(guard, answer),
    })),
    steps: steps?.map(stepForScripts),
    why: textsOf(decision.why),
    reasons: decision.why.map(({ code, text, at }) => ({
      ...{ code, text, file: at?.file },
      ...{ line: at?.line || undefined, field: at?.field },
    })),
    regexBy: regexBy && {
      ingress: regexBy.at?.ingress,
      ...{ field: regexBy.at?.field, file: regexBy.at?.file, line: regexBy.at?.line || undefined },
    },
    rejected: rejected.map((route) => ({ ...route, why: route.why.text })),
    mayAlso: drawn.length === 0 ? undefined : drawn.map((other) => drawnForScripts(other.decision)),
    near: near.length === 0 ? undefined : near,
    tree: tree && treeForScripts(tree),
    ...(differences.length === 0
      ? {}
      : { production: differences.join("; "), productionDifferences: differences }),
  };
}

function decisionForScripts(decision: Decision): object {
  const { route } = decision;
  const backend = backendIn(decision);
  return {
    decision: decision.kind,
    status: decision.kind === "forward" ? undefined : decision.status,
    location: decision.kind === "redirect" ? decision.location : undefined,
    ingress: route?.ingress && `${route.ingress.namespace}/${route.ingress.name}`,
    file: route?.ingress?.file,
    line: route?.ingress?.line || undefined,
    rule: route?.rule,
    backend: backend && { namespace: backend.namespace, service: backend.service, port: portOf(backend) },
  };
}

function drawnForScripts(decision: Decision): object {
  const upstreamPath = decision.kind === "forward" ? decision.upstreamPath : undefined;
  return { ...decisionForScripts(decision), upstreamPath };
}

function stepForScripts({ kind, text, from, to, place }: PlacedEffect): object {
  return {
    ...{ kind, text, from, to },
    ...{ setting: place?.setting, file: place?.file, line: place?.line || undefined },
  };
}
