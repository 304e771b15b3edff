import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { ResourceType } from "./resource-type.ts";

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Time of arrival. unit: ms since the epoch */
  readonly time: number;
  /** `undefined`: discovery, `/version` or an unknown path. */
  readonly target: Target | undefined;
  /** The verb of access rules: `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`. */
  readonly verb: string;
}

/** The subject of an API path. */
export interface Target {
  readonly type: ResourceType;
  /** `undefined`: all namespaces, or a cluster-scoped kind. */
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

const VERBS: Readonly<Record<string, string>> = {
  POST: "create",
  PUT: "update",
  PATCH: "patch",
};

/** Reads the request line. Never throws. */
export function readRequest(message: IncomingMessage, types: readonly ResourceType[]): ApiRequest {
  const url = message.url ?? "/";
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1));
  const method = message.method ?? "GET";
  const target = targetOf(path, types);
  const verb = verbOf(method, query, target);
  return { method, path, query, headers: message.headers, time: Date.now(), target, verb };
}

function verbOf(method: string, query: URLSearchParams, target: Target | undefined): string {
  if (method === "DELETE") return target?.name === undefined ? "deletecollection" : "delete";
  const verb = VERBS[method];
  if (verb !== undefined) return verb;
  if (["true", "1"].includes(query.get("watch") ?? "")) return "watch";
  return target !== undefined && target.name === undefined ? "list" : "get";
}

/** Reads `/api/v1/…` and `/apis/GROUP/VERSION/…`; `undefined` for kinds that the server lacks. */
function targetOf(path: string, types: readonly ResourceType[]): Target | undefined {
  const parts = path.split("/").slice(1).map(decoded);
  const core = parts[0] === "api";
  if (!core && parts[0] !== "apis") return undefined;
  const group = core ? "" : (parts[1] ?? "");
  const [version, ...rest] = parts.slice(core ? 1 : 2);
  if (rest.at(-1) === "") rest.pop();
  const find = (plural: string | undefined) =>
    types.find((type) => type.group === group && type.version === version && type.plural === plural);
  if (rest[0] === "namespaces" && rest.length > 2 && find(rest[2])?.namespaced === true) {
    return named(find(rest[2]), rest[1], rest.slice(3));
  }
  return named(find(rest[0]), undefined, rest.slice(1));
}

function named(
  type: ResourceType | undefined,
  namespace: string | undefined,
  rest: readonly string[],
): Target | undefined {
  if (type === undefined || rest.length > 2) return undefined;
  const [name, subresource] = rest;
  if (subresource !== undefined && !type.subresources.some((part) => part.name === subresource))
    return undefined;
  return { type, namespace, name, subresource };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
