import { jsonFields, jsonItems, jsonString } from "../../../model/json.ts";
import type { CustomResource } from "../../../model/resource.ts";
import type { RouteMatch } from "../../../model/route/selection.ts";
import type { RouterTarget } from "../services/target.ts";
import type { CrdRouter } from "./ingress-route-routers.ts";
import type { Router } from "./router.ts";

/** Where no child matches. */
const NO_CHILD: RouterTarget = {
  kind: "answer",
  action: { kind: "respond", status: 404, why: [] },
  steps: [],
};

/** The names of IngressRoutes that an IngressRoute stands behind; `NAMESPACE/NAME`. */
function parentsOf({ metadata, spec }: CustomResource): readonly string[] {
  return jsonItems(spec.parentRefs).map((item) => {
    const fields = jsonFields(item);
    return `${jsonString(fields.namespace) || metadata.namespace}/${jsonString(fields.name) ?? ""}`;
  });
}

/** A chain of parents longer than this is a circle. */
const DEEPEST = 10;

/**
 * Routers with the match and the middlewares of their parents. A parent answers 404 where no child matches; one without service
 * and children is none.
 */
export function withParents(
  routers: readonly { readonly own: CrdRouter; readonly of: CustomResource }[],
): readonly Router[] {
  const children = new Map<string, CrdRouter[]>();
  const roots: { readonly own: CrdRouter; readonly key: string }[] = [];
  for (const { own, of } of routers) {
    const parents = parentsOf(of);
    for (const parent of parents) {
      const list = children.get(parent);
      if (list === undefined) children.set(parent, [own]);
      else list.push(own);
    }
    if (parents.length === 0) roots.push({ own, key: keyOf(own) });
  }
  return roots.flatMap(({ own }) => familyOf(own, children, 0));
}

function keyOf({ owner }: CrdRouter): string {
  return owner === undefined ? "" : `${owner.metadata.namespace}/${owner.metadata.name}`;
}

function familyOf(
  own: CrdRouter,
  children: ReadonlyMap<string, readonly CrdRouter[]>,
  depth: number,
): readonly Router[] {
  const { target } = own;
  if (target !== undefined) return [{ ...own, target }];
  const kids = depth > DEEPEST ? [] : (children.get(keyOf(own)) ?? []);
  const behind = kids.flatMap((kid) => familyOf(kid, children, depth + 1));
  if (behind.length === 0) return [];
  const parent: Router = { ...own, target: NO_CHILD };
  return [...behind.map((kid) => placedBehind(kid, parent)), parent];
}

/** A child is on its parent's entry points, and has its TLS. */
function placedBehind(kid: Router, parent: Router): Router {
  return {
    ...kid,
    behind: [parent, ...(kid.behind ?? [])],
    match: bothOf(parent.match, kid.match),
    entryPoints: parent.entryPoints,
    tls: parent.tls,
    middlewares: [...parent.middlewares, ...kid.middlewares],
  };
}

function bothOf(first: RouteMatch, second: RouteMatch): RouteMatch {
  const hosts = first.hosts ?? second.hosts;
  const path = first.path.kind === "any" ? second.path : first.path;
  const rest: NonNullable<RouteMatch["when"]>[] = [];
  if (first.hosts !== undefined && second.hosts !== undefined)
    rest.push({ kind: "one-of", of: second.hosts.map((host) => ({ kind: "host", host })) });
  if (first.path.kind !== "any" && second.path.kind !== "any") rest.push({ kind: "path", path: second.path });
  for (const { when } of [first, second]) if (when !== undefined) rest.push(when);
  return { hosts, path, when: rest.length === 0 ? undefined : { kind: "all", of: rest } };
}
