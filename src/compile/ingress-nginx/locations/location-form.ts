import { asPrefix } from "../../route.ts";
import type { LocationDraft } from "../servers.ts";
import type { IngressSettings } from "../settings.ts";

/** True if the location turns its host to regular expressions. */
export function needsRegex(draft: LocationDraft): boolean {
  return staysWhole(draft) ? matchesByRegex(draft, draft.path) : matchesByRegex(draft, asPrefix(draft.path));
}

function matchesByRegex(draft: LocationDraft, path: string): boolean {
  const { owner } = draft;
  return (
    owner !== undefined &&
    !isCatchAllOwner(draft) &&
    (owner.settings.useRegex || rewrites(owner.settings, path))
  );
}

/**
 * A target equal to the path is no rewrite (location.go, needsRewrite). Compared with the rendered path: `/p`
 * is none for `location = /p`, but one for `location /p/`.
 */
export function rewrites({ rewriteTarget }: IngressSettings, path: string): boolean {
  return rewriteTarget !== undefined && rewriteTarget.source !== path;
}

/** True if the location keeps its path (location.go, updateServerLocations). */
export function staysWhole(draft: LocationDraft): boolean {
  return draft.exact || draft.path === "/" || matchesByRegex(draft, draft.path);
}

/** A Prefix `/p` is `location /p/` and, unless an Exact has it, `location = /p`. */
export function halves(
  draft: LocationDraft,
  exactPaths: ReadonlySet<string>,
): readonly { path: string; exact: boolean }[] {
  const { path, exact } = draft;
  if (staysWhole(draft)) return [{ path, exact }];
  const prefix = { path: asPrefix(path), exact: false };
  return exactPaths.has(path) ? [prefix] : [prefix, { path, exact: true }];
}

/**
 * An Ingress without rules gives the catch-all its annotations, except redirects and rewrites
 * (controller.go).
 */
export function isCatchAllOwner({ owner, rule }: LocationDraft): boolean {
  return owner !== undefined && rule === undefined && owner.ingress.spec.rules.length === 0;
}
