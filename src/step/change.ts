import type { SetHeader } from "../model/controller.ts";
import type { Choice, Decision, HeaderLine, RequestFacts } from "../model/decision.ts";
import type { Guard } from "../model/guard.ts";
import type { Captures } from "../model/pattern.ts";
import type { Mirror, ResponseRewrites } from "../model/route/rewrites.ts";
import type { RewrittenPath } from "./arrival.ts";
import type { ErrorPagesStep } from "./error-pages.ts";

/** Effects of a step on a request and its answer. */
export interface Change {
  /** Ends the walk. default: the next step follows */
  readonly decision?: Decision | undefined;
  readonly rewritten?: RewrittenPath | undefined;
  readonly captures?: Captures | undefined;
  /** The request as later steps see it. default: unchanged */
  readonly request?: RequestFacts | undefined;
  /** Asked before a later decision is carried out. */
  readonly guards?: readonly Guard[] | undefined;
  /** Set on the response. Variables are filled in at the end, as by nginx's filters. */
  readonly responseHeaders?: readonly (HeaderLine | SetHeader)[] | undefined;
  /** Set on the backend's request. */
  readonly requestHeaders?: readonly HeaderLine[] | undefined;
  /** Added to the request beside equal names. */
  readonly beside?: readonly HeaderLine[] | undefined;
  readonly backendServer?: "passed" | undefined;
  /** In place of the backend's own. */
  readonly choice?: Choice | undefined;
  readonly mirrors?: readonly Mirror[] | undefined;
  /** FastCGI parameters. */
  readonly params?: readonly HeaderLine[] | undefined;
  readonly responseRewrites?: ResponseRewrites | undefined;
  /** Replaces errors of later steps and the action. */
  readonly errorPages?: ErrorPagesStep | undefined;
}

export function withNext(first: Change | undefined, next: Change): Change {
  if (first === undefined) return next;
  return {
    decision: next.decision,
    rewritten: next.rewritten ?? first.rewritten,
    captures: next.captures ?? first.captures,
    request: next.request ?? first.request,
    guards: both(first.guards, next.guards),
    responseHeaders: both(first.responseHeaders, next.responseHeaders),
    requestHeaders: both(first.requestHeaders, next.requestHeaders),
    beside: both(first.beside, next.beside),
    backendServer: next.backendServer ?? first.backendServer,
    choice: next.choice ?? first.choice,
    mirrors: both(first.mirrors, next.mirrors),
    params: next.params ?? first.params,
    responseRewrites: rewritesOf(first.responseRewrites, next.responseRewrites),
    errorPages: next.errorPages ?? first.errorPages,
  };
}

function rewritesOf(
  first: ResponseRewrites | undefined,
  next: ResponseRewrites | undefined,
): ResponseRewrites | undefined {
  if (first === undefined || next === undefined) return next ?? first;
  return {
    ...first,
    ...next,
    beside: both(first.beside, next.beside),
    listed: both(first.listed, next.listed),
  };
}

export function both<T>(
  first: readonly T[] | undefined,
  next: readonly T[] | undefined,
): readonly T[] | undefined {
  if (first === undefined || next === undefined) return first ?? next;
  return [...first, ...next];
}
