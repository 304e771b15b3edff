import type { Listed } from "./list.ts";
import type { Json, KubeObject } from "./object.ts";
import { toServed } from "./old-version.ts";
import type { ApiRequest } from "./request.ts";
import { groupVersion, type ResourceType } from "./resource-type.ts";
import { table } from "./table/table.ts";

/** How objects are put to a client: as they are, or as rows of a table. */
export interface Presenter {
  list(listed: Listed): Json;
  one(object: KubeObject): Json;
  /** The object of a watch event. */
  event(object: KubeObject): Json;
}

/** Objects as JSON, in the version that was asked for. Items of a list have no `kind`, as from the API server. */
export function plain(type: ResourceType): Presenter {
  const one = (object: KubeObject): Json => toServed(type, object);
  return {
    one,
    event: one,
    list: ({ objects, metadata }) => ({
      kind: `${type.kind}List`,
      apiVersion: groupVersion(type),
      metadata,
      items: objects.map((object) => {
        const { kind: _, apiVersion: __, ...rest } = one(object);
        return rest;
      }),
    }),
  };
}

/** How the objects of this request are wanted, by its `Accept`. */
export function presenterFor(request: ApiRequest, type: ResourceType, now: () => Date): Presenter {
  const accept = request.headers.accept ?? "";
  const first = accept.split(",")[0] ?? "";
  if (!first.includes("as=Table") || !["list", "get", "watch"].includes(request.verb)) return plain(type);
  return table(type, plain(type).one, request.query.get("includeObject"), now);
}
