import type { Pattern } from "../../model/pattern.ts";
import type { CustomResource, Ingress } from "../../model/resource.ts";
import type { Condition, RouteMatch } from "../../model/route/selection.ts";
import type { Route } from "../../model/route.ts";
import { textAsBytes } from "../../request/utf8.ts";
import type { OwnRoute } from "../controller.ts";

/** A route's condition on the path, with the text as written. */
export type PathAsked =
  | { readonly kind: "exact" | "element" | "prefix"; readonly text: string }
  | { readonly kind: "regex"; readonly text: string; readonly pattern: Pattern };

/** A condition beside the path. */
export interface RouteCondition {
  readonly of: "header" | "query";
  /** Equal ones ask for the same. */
  readonly key: string;
  readonly place: ConditionPlace;
  readonly condition: Condition;
}

/** A condition's place beside others of its kind. */
export interface ConditionPlace {
  /** As written. */
  readonly name: string;
  /** The more exact tests are lower. */
  readonly test: number;
  readonly value: string;
  /** Inverted, or for a query in any case. */
  readonly isLater: boolean;
}

/** A route of a virtual host before the routes are put in order. */
export interface RouteDraft {
  readonly path: PathAsked;
  readonly asked: readonly RouteCondition[];
  readonly owner: Ingress | CustomResource;
  readonly route: Route;
  /** Hidden from lists: an answer in place of what is missing. default: listed */
  readonly isOwn?: false | undefined;
}

/** Routes with equal keys replace one another. */
export function keyOfDraft({ path, asked }: RouteDraft): string {
  return JSON.stringify([path.kind, path.text, ...asked.map(({ key }) => key)]);
}

export function matchOf({ path, asked }: RouteDraft, more: readonly Condition[]): RouteMatch {
  const conditions = [...asked.map(({ condition }) => condition), ...more];
  const [first, ...others] = conditions;
  const when: Condition | undefined = others.length === 0 ? first : { kind: "all", of: conditions };
  const text = textAsBytes(path.text);
  switch (path.kind) {
    case "regex":
      return { path: { kind: "pattern", pattern: path.pattern, path: text, exact: false }, when };
    case "element":
      return { path: { kind: "prefix-element", path: text }, when };
    case "exact":
      return { path: { kind: "exact", path: text }, when };
    case "prefix":
      return { path: { kind: "prefix-char", path: text }, when };
  }
}

/** Envoy's matcher in words. */
export function envoyPathInWords({ kind, text }: PathAsked): string {
  switch (kind) {
    case "exact":
      return `path: ${text}`;
    case "regex":
      return `safe_regex: ^(?:${text})$`;
    case "element":
      return `path_separated_prefix: ${text}`;
    case "prefix":
      return `prefix: ${text}`;
  }
}

export function ownRouteOf({ owner, route }: RouteDraft): OwnRoute {
  return { ingress: owner, route };
}
