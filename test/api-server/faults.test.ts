import { connect } from "node:net";
import { expect, test } from "vitest";
import type { ApiServer } from "../support/api-server/api-server.ts";
import type { Fault } from "../support/api-server/fault.ts";
import { ask, type Event, POD, started, watching } from "./support.ts";

const PODS = "/api/v1/namespaces/default/pods";

/** The result of a list in one word. */
async function listed(server: ApiServer): Promise<string> {
  try {
    const { code, body, headers, text } = await ask(server, "GET", PODS);
    const retry = headers.get("retry-after");
    if (code !== 200) return `${code} ${body.reason}${retry === null ? "" : ` after ${retry}`}`;
    if (body.kind === undefined) return `200 ${text.slice(0, 6)}`;
    return `200 ${body.items === undefined ? "no items" : (body.items as unknown[]).length}`;
  } catch {
    return "broken";
  }
}

test.each<[Fault, string]>([
  [{ do: "status", status: 401 }, "401 Unauthorized"],
  [{ do: "status", status: 403 }, "403 Forbidden"],
  [{ do: "status", status: 404 }, "404 NotFound"],
  [{ do: "status", status: 410 }, "410 Expired"],
  [{ do: "status", status: 429, retryAfter: 2 }, "429 TooManyRequests after 2"],
  [{ do: "status", status: 500 }, "500 InternalError"],
  [{ do: "status", status: 503 }, "503 ServiceUnavailable"],
  [{ do: "garbage" }, "200 <html>"],
  [{ do: "empty-list" }, "200 no items"],
  [{ do: "slow", ms: 5, pieces: 7 }, "200 1"],
  [{ do: "truncated" }, "broken"],
  [{ do: "close" }, "broken"],
  [{ do: "reset" }, "broken"],
])("a list with %j comes to %s, once", async (fault, outcome) => {
  const server = await started();
  server.apply(POD);
  server.fault({ ...fault, kind: "Pod", watch: false, count: 1 });
  expect(await listed(server)).toBe(outcome);
  expect(await listed(server)).toBe("200 1");
});

test.each<Fault>([
  { do: "silent" },
  { do: "stalled" },
])("with %j nothing (more) comes, and the connection stays", async (fault) => {
  const server = await started();
  server.apply(POD);
  server.fault({ ...fault, kind: "Pod", count: 1 });
  const waiting = listed(server);
  const other = await listed(server);
  expect([other, server.connections]).toEqual(["200 1", expect.any(Number)]);
  expect(await Promise.race([waiting, listed(server).then(() => "still waiting")])).toBe("still waiting");
});

test.each<[Fault, readonly string[]]>([
  [{ do: "error-event" }, ["ERROR 410", "end"]],
  [{ do: "error-event", status: 500 }, ["ERROR 500", "end"]],
  [{ do: "end" }, ["end"]],
  [{ do: "truncated" }, ["broken"]],
  [{ do: "garbage" }, ["broken"]],
  [{ do: "close" }, ["broken"]],
  [{ do: "reset" }, ["broken"]],
])("a watch with %j tells %j, one that runs as well as one that comes", async (fault, outcome) => {
  const server = await started();
  const path = `${PODS}?watch=true`;
  const running = await watching(server, path);
  const other = await watching(server, "/api/v1/services?watch=true");
  const lift = server.fault({ ...fault, kind: "Pod", watch: true });
  const told = async (next: () => Promise<Event | undefined>) => {
    const words: string[] = [];
    while (!["end", "broken"].includes(words.at(-1) ?? "")) {
      words.push(
        await next().then(
          (event) => (event === undefined ? "end" : `${event.type} ${event.object.code}`),
          () => "broken",
        ),
      );
    }
    return words;
  };
  if (fault.do !== "garbage") expect(await told(running.next)).toEqual(outcome);
  const coming = watching(server, path).then(
    (watch) => told(watch.next),
    () => ["broken"],
  );
  expect(await coming).toEqual(outcome);
  lift();
  const fresh = await watching(server, path);
  server.apply(POD);
  server.apply({ apiVersion: "v1", kind: "Service", metadata: { name: "web" } });
  expect([(await fresh.next())?.type, (await other.next())?.type]).toEqual(["ADDED", "ADDED"]);
});

test("a stalled watch tells nothing any more, also when the fault is lifted", async () => {
  const server = await started();
  const stalled = await watching(server, `${PODS}?watch=true`);
  server.fault({ do: "stalled", watch: true })();
  const fresh = await watching(server, `${PODS}?watch=true`);
  server.apply(POD);
  expect((await fresh.next())?.type).toBe("ADDED");
  const first = await Promise.race([stalled.next(), ask(server, "GET", PODS)]);
  expect(first).toMatchObject({ code: 200 });
});

test("a slow watch tells its events one by one, in their order", async () => {
  const server = await started();
  server.fault({ do: "slow", ms: 5, watch: true });
  const watch = await watching(server, `${PODS}?watch=true`);
  const names = ["a", "b", "c"];
  for (const name of names) server.apply({ ...POD, metadata: { name } });
  const told: (string | undefined)[] = [];
  for (const _ of names) told.push((await watch.next())?.object.metadata.name);
  expect(told).toEqual(names);
});

test("a server that is down refuses connections, drops those it has, and comes back on its port", async () => {
  const server = await started();
  const watch = await watching(server, `${PODS}?watch=true`);
  const lift = server.fault({ do: "down" });
  await expect(watch.next()).rejects.toThrow();
  expect(await listed(server)).toBe("broken");
  expect(server.connections).toBe(0);
  lift();
  await expect.poll(() => listed(server)).toBe("200 0");
});

test("a fault is for the requests that it names", async () => {
  const server = await started();
  server.apply(POD);
  server.fault({ do: "status", status: 500, verb: "get", name: "web-1", namespace: "default" });
  server.fault({ do: "status", status: 503, path: /^\/version$/ });
  server.fault({ do: "status", status: 429, method: "DELETE" });
  const code = async (method: string, path: string) => (await ask(server, method, path)).code;
  expect([
    await code("GET", `${PODS}/web-1`),
    await code("GET", `${PODS}/other`),
    await code("GET", PODS),
    await code("GET", "/version"),
    await code("DELETE", `${PODS}/web-1`),
  ]).toEqual([500, 404, 200, 503, 429]);
});

test("every request is kept, in its order, with what it asked for", async () => {
  const server = await started();
  await ask(server, "GET", `${PODS}?limit=500`, { headers: { accept: "application/json" } });
  await ask(server, "POST", "/api/v1/namespaces/shop/pods", { body: POD });
  const [first, second] = server.requests;
  expect(first).toMatchObject({
    method: "GET",
    path: PODS,
    verb: "list",
    headers: { accept: "application/json" },
  });
  expect(first?.query.get("limit")).toBe("500");
  expect(second).toMatchObject({ verb: "create", target: { namespace: "shop", type: { kind: "Pod" } } });
  expect(first?.time).toBeLessThanOrEqual(second?.time ?? 0);
});

test("closing lets go of every connection, silent ones too", async () => {
  const server = await started();
  const { port } = new URL(server.url);
  const sockets = [1, 2, 3].map(() => connect(Number(port), "127.0.0.1"));
  const closed = sockets.map(
    (socket) => new Promise((resolve) => socket.on("error", () => {}).on("close", resolve)),
  );
  await watching(server, `${PODS}?watch=true`);
  await server.close();
  await Promise.all(closed);
  expect([server.connections, server.running]).toEqual([0, []]);
});
