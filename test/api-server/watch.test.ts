import { expect, test } from "vitest";
import type { ApiServer } from "../support/api-server/api-server.ts";
import { ask, type Event, POD, started, watching } from "./support.ts";

const PODS = "/api/v1/namespaces/default/pods";

function named(name: string, labels: Record<string, string> = { app: "web" }) {
  return { ...POD, metadata: { name, labels } };
}

function said(event: Event | undefined): string {
  return event === undefined ? "end" : `${event.type} ${event.object.metadata?.name ?? event.object.code}`;
}

async function revision(server: ApiServer): Promise<string> {
  const { metadata } = (await ask(server, "GET", PODS)).body;
  return (metadata as { resourceVersion: string }).resourceVersion;
}

test("a watch goes on from the list's revision, change by change", async () => {
  const server = await started();
  server.apply(named("before"));
  const from = await revision(server);
  server.apply(named("a"));
  const watch = await watching(server, `${PODS}?watch=true&resourceVersion=${from}`);
  server.apply({ ...named("a"), status: { phase: "Running" } });
  server.apply({ ...named("elsewhere"), metadata: { name: "elsewhere", namespace: "shop" } });
  server.remove("Pod", "default", "a");
  const events = [await watch.next(), await watch.next(), await watch.next()];
  expect(events.map(said)).toEqual(["ADDED a", "MODIFIED a", "DELETED a"]);
  const revisions = events.map((event) => Number(event?.object.metadata.resourceVersion));
  expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
  expect(events[0]?.object).toMatchObject({ kind: "Pod", apiVersion: "v1" });
});

test.each([
  "",
  "&resourceVersion=0",
])("a watch without a revision (%s) begins with all there is", async (query) => {
  const server = await started();
  server.apply(named("a"));
  const watch = await watching(server, `${PODS}?watch=true${query}`);
  server.apply(named("b"));
  expect([said(await watch.next()), said(await watch.next())]).toEqual(["ADDED a", "ADDED b"]);
});

test("what comes to match a selector is added, what no longer does is deleted", async () => {
  const server = await started();
  const watch = await watching(server, `${PODS}?watch=true&labelSelector=app%3Dweb`);
  server.apply(named("a", { app: "other" }));
  server.apply(named("a"));
  server.apply(named("a", { app: "other" }));
  server.apply(named("b"));
  const events = [await watch.next(), await watch.next(), await watch.next()];
  expect(events.map(said)).toEqual(["ADDED a", "DELETED a", "ADDED b"]);
});

test("bookmarks are sent to watches that allow them", async () => {
  const server = await started();
  const deaf = await watching(server, `${PODS}?watch=true`);
  const watch = await watching(server, `${PODS}?watch=true&allowWatchBookmarks=true`);
  server.bookmark();
  const event = await watch.next();
  expect(event).toMatchObject({ type: "BOOKMARK", object: { kind: "Pod", apiVersion: "v1" } });
  expect(event?.object.metadata.resourceVersion).toBe(await revision(server));
  server.apply(named("a"));
  expect(said(await deaf.next())).toBe("ADDED a");
});

test("initial events end with their bookmark, or are refused where they are unknown", async () => {
  const query =
    "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
  const server = await started();
  server.apply(named("a"));
  const watch = await watching(server, `${PODS}?${query}`);
  expect(said(await watch.next())).toBe("ADDED a");
  const annotations = { "k8s.io/initial-events-end": "true" };
  expect(await watch.next()).toMatchObject({ type: "BOOKMARK", object: { metadata: { annotations } } });
  const old = await started({ watchList: false });
  expect(await ask(old, "GET", `${PODS}?${query}`)).toMatchObject({ code: 422, body: { reason: "Invalid" } });
});

test("after a compaction, watches from before answer 410, those from then on go on", async () => {
  const server = await started();
  const before = await revision(server);
  const running = await watching(server, `${PODS}?watch=true&resourceVersion=${before}`);
  server.compact();
  const late = await watching(server, `${PODS}?watch=true&resourceVersion=${before}`);
  expect(late.response.status).toBe(200);
  expect([said(await late.next()), said(await late.next())]).toEqual(["ERROR 410", "end"]);
  const fresh = await watching(server, `${PODS}?watch=true&resourceVersion=${await revision(server)}`);
  server.apply(named("a"));
  expect([said(await running.next()), said(await fresh.next())]).toEqual(["ADDED a", "ADDED a"]);
});

test("timeoutSeconds ends a watch in the regular way", async () => {
  const server = await started();
  const watch = await watching(server, `${PODS}?watch=true&timeoutSeconds=1`);
  expect(said(await watch.next())).toBe("end");
  expect(server.running).toEqual([]);
});

test("a table has its columns in the first event only", async () => {
  const server = await started();
  server.apply(named("a"));
  const aborted = new AbortController();
  const headers = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" };
  const response = await fetch(`${server.url}${PODS}?watch=true`, { headers, signal: aborted.signal });
  server.apply(named("b"));
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString();
    if (text.split("\n").length > 2) break;
  }
  aborted.abort();
  const [first, second] = text.split("\n").map((line) => (line === "" ? {} : JSON.parse(line)));
  expect(first.object.columnDefinitions).toHaveLength(9);
  expect(first.object.rows[0].cells[0]).toBe("a");
  expect(second.object).toMatchObject({ kind: "Table", columnDefinitions: null, rows: [{}] });
});
