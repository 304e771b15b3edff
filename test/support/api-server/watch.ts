import type { ServerResponse } from "node:http";
import type { Fault } from "./fault.ts";
import { reset } from "./listener.ts";
import type { Json, KubeObject } from "./object.ts";
import type { Presenter } from "./present.ts";
import type { ApiRequest, Target } from "./request.ts";
import { groupVersion } from "./resource-type.ts";
import { type Selector, selectorOf } from "./selector.ts";
import { expired, fail, failure, type StatusBody } from "./status.ts";
import { type Change, resourceKey } from "./store.ts";
import type { World } from "./world.ts";

/** Answers a watch: headers at once, then one event a line, until the client or a fault ends it. */
export function watch(
  world: World,
  request: ApiRequest,
  target: Target,
  presenter: Presenter,
  response: ServerResponse,
  fault: Fault | undefined,
): void {
  const { query } = request;
  const initial = query.get("sendInitialEvents") === "true";
  if (query.has("sendInitialEvents")) checkInitialEvents(world, query);
  const meant = selectorFor(request, target);
  const stream = new EventStream(response, fault?.do === "slow" ? fault.ms : 0);
  const bookmark = (annotations?: Json) =>
    stream.send("BOOKMARK", {
      kind: target.type.kind,
      apiVersion: groupVersion(target.type),
      metadata: {
        resourceVersion: String(world.store.revision),
        creationTimestamp: null,
        ...(annotations === undefined ? {} : { annotations }),
      },
    });
  const from = Number(query.get("resourceVersion") ?? 0);
  const tell = (change: Change) => {
    const seen = seenAs(change, meant);
    if (seen !== undefined) stream.send(seen, presenter.event(change.object));
  };
  if (from !== 0 && from < world.store.compacted) {
    stream.fail(expired(from, world.store.compacted));
    return;
  }
  if (from === 0 || initial) {
    for (const object of world.store.list(target.type).filter(meant))
      stream.send("ADDED", presenter.event(object));
    if (initial) bookmark({ "k8s.io/initial-events-end": "true" });
  } else {
    for (const change of world.store.since(target.type, from)) tell(change);
  }
  const resource = resourceKey(target.type);
  const deaf = world.store.listen((change) => {
    if (change.resource === resource) tell(change);
  });
  const wantsBookmarks = query.get("allowWatchBookmarks") === "true";
  const running = {
    request,
    hit: (one: Fault) => stream.hit(one),
    bookmark: () => (wantsBookmarks ? bookmark() : undefined),
  };
  world.running.add(running);
  const limit = Number(query.get("timeoutSeconds") ?? 0);
  const timer = limit > 0 ? setTimeout(() => response.end(), limit * 1000).unref() : undefined;
  response.on("close", () => {
    clearTimeout(timer);
    deaf();
    world.running.delete(running);
  });
  if (fault !== undefined) stream.hit(fault);
}

function checkInitialEvents(world: World, query: URLSearchParams): void {
  const invalid = (why: string) =>
    fail(422, `ListOptions.meta.k8s.io "" is invalid: ${why}`, {
      details: { group: "meta.k8s.io", kind: "ListOptions" },
    });
  if (!world.watchList) {
    throw invalid(
      "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled",
    );
  }
  if (query.get("resourceVersionMatch") !== "NotOlderThan") {
    throw invalid(
      "resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
    );
  }
}

function selectorFor(request: ApiRequest, target: Target): Selector {
  const select = selectorOf(request.query);
  return (object) =>
    (target.namespace === undefined || object.metadata.namespace === target.namespace) &&
    (target.name === undefined || object.metadata.name === target.name) &&
    select(object);
}

/** For its watcher, an object is `ADDED` when a selector begins to match, and `DELETED` when it ends. */
function seenAs(change: Change, meant: Selector): Change["type"] | undefined {
  const now = meant(change.object);
  const before = change.before !== undefined && meant(change.before);
  if (change.type === "DELETED") return before ? "DELETED" : undefined;
  if (now) return before ? "MODIFIED" : "ADDED";
  return before ? "DELETED" : undefined;
}

/** Lines of events, and their faults. */
class EventStream {
  readonly #response: ServerResponse;
  readonly #delay: number;
  #mute = false;
  #last = Promise.resolve();

  constructor(response: ServerResponse, delay: number) {
    this.#response = response;
    this.#delay = delay;
    response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-cache, private" });
    response.flushHeaders();
  }

  send(type: string, object: Json | KubeObject | StatusBody): void {
    this.#write(`${JSON.stringify({ type, object })}\n`);
  }

  /** An `ERROR` event, then the end. */
  fail(status: StatusBody): void {
    this.send("ERROR", status);
    this.#response.end();
  }

  hit(fault: Fault): void {
    const socket = this.#response.socket;
    switch (fault.do) {
      case "error-event":
        this.fail(failure(fault.status ?? 410, fault.message ?? "too old resource version: 1 (2)"));
        return;
      case "end":
        this.#response.end();
        return;
      case "stalled":
        this.#mute = true;
        return;
      case "garbage":
        this.#write("<html>Sign in to the hotel's network</html>\n");
        return;
      case "truncated":
        this.#write('{"type":"MODIFIED","object":{"kind":"Ingr');
        this.#response.end();
        return;
      case "close":
        socket?.destroySoon();
        return;
      case "reset":
        reset(socket);
        return;
      default:
    }
  }

  #write(text: string): void {
    if (this.#mute || this.#response.writableEnded || this.#response.destroyed) return;
    if (this.#delay === 0) {
      this.#response.write(text);
      return;
    }
    this.#last = this.#last
      .then(() => new Promise((resolve) => setTimeout(resolve, this.#delay).unref()))
      .then(() => {
        if (!this.#response.writableEnded && !this.#response.destroyed) this.#response.write(text);
      });
  }
}
