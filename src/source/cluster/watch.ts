import type { Readable } from "node:stream";
import type { ApiConnection } from "../../model/cluster.ts";
import { ApiFault, faultOfResponse, faultOfStatus, fieldOf } from "./fault.ts";

export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  readonly object: unknown;
  /** A later watch can continue from here. */
  readonly resourceVersion: string;
}

export interface WatchRequest {
  readonly path: string;
  readonly select: Readonly<Record<string, string>>;
  readonly resourceVersion: string;
  /** The API server then ends the watch. */
  readonly seconds: number;
  /** Silence after which the connection counts as dead. unit: ms */
  readonly idleMs: number;
  readonly signal: AbortSignal;
  /** The API server has answered 200. */
  readonly onOpen: () => void;
}

/** No object of a cluster is longer (etcd takes 1.5 MiB). unit: characters */
const LINE_LIMIT = 16 * 1024 * 1024;

/** The lines of a stream. A last line without its end is dropped: the stream broke off. */
async function* linesOf(body: Readable): AsyncGenerator<string> {
  let parts: string[] = [];
  let length = 0;
  for await (const part of body.setEncoding("utf8") as AsyncIterable<string>) {
    const [first = "", ...others] = part.split("\n");
    parts.push(first);
    length += first.length;
    for (const rest of others) {
      yield parts.join("");
      [parts, length] = [[rest], rest.length];
    }
    if (length > LINE_LIMIT) throw new ApiFault("broken", "the API server sent an event longer than 16 MiB");
  }
  if (length > 0) throw new ApiFault("unreached", "the API server broke off in the middle of an event");
}

const TYPES: readonly WatchEvent["type"][] = ["ADDED", "MODIFIED", "DELETED", "BOOKMARK"];

function readEvent(line: string): WatchEvent {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    throw new ApiFault("broken", "the API server sent an event that is not JSON");
  }
  const object = fieldOf(event, "object");
  const type = fieldOf(event, "type");
  if (type === "ERROR") throw faultOfStatus(Number(fieldOf(object, "code") ?? 500), object);
  const known = TYPES.find((each) => each === type);
  const resourceVersion = fieldOf(fieldOf(object, "metadata"), "resourceVersion");
  if (known === undefined || typeof resourceVersion !== "string") {
    throw new ApiFault(
      "broken",
      `the API server sent an event of no known type (${String(type).slice(0, 40)})`,
    );
  }
  return { type: known, object, resourceVersion };
}

/**
 * The events at a path from a resourceVersion on, until the API server ends the watch. Fails with an `ApiFault`
 * (`expired` when it no longer knows the version), or with the connection's error.
 */
export async function* watchEvents(api: ApiConnection, request: WatchRequest): AsyncGenerator<WatchEvent> {
  const { path, select, resourceVersion, seconds, idleMs, signal } = request;
  const query = new URLSearchParams({
    ...select,
    watch: "true",
    allowWatchBookmarks: "true",
    resourceVersion,
    timeoutSeconds: String(seconds),
  });
  const response = await api.request(`${path}?${query}`, { signal, idleMs });
  if (response.status !== 200) throw await faultOfResponse(response);
  request.onOpen();
  try {
    for await (const line of linesOf(response.body)) if (line.trim() !== "") yield readEvent(line);
  } finally {
    response.body.destroy();
  }
}
