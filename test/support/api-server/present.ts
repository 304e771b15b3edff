import type { Listed } from "./list.ts";
import type { Json, KubeObject } from "./object.ts";
import { toServed } from "./old-version.ts";
import type { ApiRequest } from "./request.ts";
import { groupVersion, type ResourceType } from "./resource-type.ts";
import { table } from "./table/table.ts";

/** The form of objects in answers: themselves, or rows of a table. */
export interface Presenter {
  list(listed: Listed): Json;
  one(object: KubeObject): Json;
  /** The object of a watch event. */
  event(object: KubeObject): Json;
}

/** Objects as JSON, in the requested version. Items of a list have no `kind`, as in real answers. */
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

/** The form that a request's `Accept` asks for. */
export function presenterFor(request: ApiRequest, type: ResourceType, now: () => Date): Presenter {
  const accept = request.headers.accept ?? "";
  const first = accept.split(",")[0] ?? "";
  if (!first.includes("as=Table") || !["list", "get", "watch"].includes(request.verb)) return plain(type);
  return table(type, plain(type).one, request.query.get("includeObject"), now);
}
