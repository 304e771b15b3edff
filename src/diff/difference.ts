import type { Reason } from "../model/reason.ts";
import type { RouteRule } from "../model/route.ts";
import type { SampleRequest } from "../model/sample-request.ts";
import type { Aspect } from "./aspects.ts";
import type { Behaviour } from "./behaviour.ts";

/** What one side makes of a request, and why. */
export interface DifferenceSide {
  readonly behaviour: Behaviour;
  /** What else may come, by chance. default: nothing */
  readonly mayAlso?: readonly Behaviour[] | undefined;
  /** `default/shop` */
  readonly ingress?: string | undefined;
  /** Of that object. default: Ingress */
  readonly kind?: string | undefined;
  readonly rule?: RouteRule | undefined;
  /** The rule of an object that has no paths, in its controller's words. */
  readonly match?: string | undefined;
  /** Of the rule. `line` 0: unknown */
  readonly place?: { readonly file: string; readonly line: number } | undefined;
  readonly why: readonly Reason[];
}

/** What a reader would say. Programs compare codes. */
export interface Cause {
  readonly code: CauseCode;
  /** `rule removed` */
  readonly text: string;
  /** What it is about: `shop.test /cart (Prefix) of Ingress default/shop`. default: the cause says it all */
  readonly detail?: string | undefined;
  /** Differences with equal keys are one finding. */
  readonly key: string;
}

export type CauseCode =
  | "rule-added"
  | "rule-removed"
  | "rule-replaced"
  | "path-type-changed"
  | "host-regex"
  | "another-rule"
  | "drawn"
  | "no-endpoints"
  | "status-changed"
  | "service-changed"
  | "guard-removed"
  | "guard-added"
  | "guard-changed"
  | "path-rewritten"
  | "redirect-added"
  | "redirect-removed"
  | "redirect-changed"
  | "canary-changed"
  | "response-headers"
  | "request-headers"
  | "certificate"
  | "settings"
  // Of running controllers.
  | "no-answer"
  | "own-answer";

/** One request that two sides treat otherwise. */
export interface Difference {
  readonly request: SampleRequest;
  /** Guards refuse the request itself on both sides alike. default: it is the request's own client */
  readonly client?: "let in" | undefined;
  readonly cause: Cause;
  readonly first: DifferenceSide;
  readonly second: DifferenceSide;
  /** Parts that differ, most telling first. */
  readonly aspects: readonly Aspect[];
  /** Lowest first: loss of service, another Service, lost guards, and so on. */
  readonly rank: number;
}

/** Differences of one cause, the most telling and simplest request first. */
export interface DifferenceGroup {
  readonly cause: Cause;
  readonly all: readonly [Difference, ...Difference[]];
}

/** All that a report shows. */
export interface DifferenceReport {
  /** `old` and `new`, `predicted` and `actual`: titles, and keys of the JSON. */
  readonly sides: readonly [first: string, second: string];
  /** unit: requests */
  readonly compared: number;
  /** The requests tell every difference that there is. */
  readonly complete: boolean;
  /** Why they do not, a sentence each. */
  readonly incomplete: readonly string[];
  readonly groups: readonly DifferenceGroup[];
  /** What is otherwise for every request; a sentence each. */
  readonly everywhere?: readonly string[] | undefined;
  /** Further keys of the JSON. default: none */
  readonly more?: Readonly<Record<string, unknown>> | undefined;
}
