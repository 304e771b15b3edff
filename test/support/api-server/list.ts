import { randomUUID } from "node:crypto";
import type { KubeObject } from "./object.ts";
import type { ApiRequest, Target } from "./request.ts";
import { selectorOf } from "./selector.ts";
import { fail } from "./status.ts";
import type { World } from "./world.ts";

/** A list, or one piece of it. */
export interface Listed {
  readonly objects: readonly KubeObject[];
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
}

/** `list`, with selectors, `resourceVersion`, `limit` and `continue`. */
export function list(world: World, request: ApiRequest, target: Target): Listed {
  const limit = Number(request.query.get("limit") ?? 0);
  const token = request.query.get("continue") ?? "";
  if (token !== "") return next(world, token, limit);
  checkRevision(world, request.query);
  const select = selectorOf(request.query);
  const objects = world.store.list(target.type, target.namespace).filter(select);
  const unlimited = request.query.get("resourceVersion") === "0";
  return piece(world, objects, world.store.revision, unlimited ? 0 : limit);
}

function next(world: World, token: string, limit: number): Listed {
  const held = world.lists.get(token);
  if (held === undefined || held.revision < world.store.compacted) {
    const message =
      "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.";
    throw fail(410, message);
  }
  return piece(world, held.rest as readonly KubeObject[], held.revision, limit);
}

function piece(world: World, objects: readonly KubeObject[], revision: number, limit: number): Listed {
  const resourceVersion = String(revision);
  if (!(limit > 0) || objects.length <= limit) return { objects, metadata: { resourceVersion } };
  const rest = objects.slice(limit);
  const token = Buffer.from(randomUUID()).toString("base64url");
  world.lists.set(token, { revision, rest });
  return {
    objects: objects.slice(0, limit),
    metadata: { resourceVersion, continue: token, remainingItemCount: rest.length },
  };
}

function checkRevision(world: World, query: URLSearchParams): void {
  const text = query.get("resourceVersion") ?? "";
  const exact = query.get("resourceVersionMatch") === "Exact";
  if (text === "" || text === "0") return;
  const asked = Number(text);
  if (!Number.isInteger(asked) || asked < 0)
    throw fail(400, `Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`);
  if (asked > world.store.revision) {
    throw fail(504, `Too large resource version: ${asked}, current: ${world.store.revision}`);
  }
  if (exact && asked < world.store.compacted)
    throw fail(410, `The provided resource version is too old: ${asked}`);
}
