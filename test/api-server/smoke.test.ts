import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type ApiServer, startApiServer } from "../support/api-server/api-server.ts";

let server: ApiServer | undefined;
afterEach(() => server?.close());

const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "web-1" } };

test("objects are listed, watched and told apart by revision", async () => {
  server = await startApiServer();
  server.apply(pod);
  const path = `${server.url}/api/v1/namespaces/default/pods`;
  const list = (await (await fetch(path)).json()) as { metadata: { resourceVersion: string } };
  expect(list).toMatchObject({ kind: "PodList", apiVersion: "v1", items: [{ metadata: { name: "web-1" } }] });
  const { resourceVersion } = list.metadata;
  const watched = await fetch(
    `${path}?watch=true&allowWatchBookmarks=true&resourceVersion=${resourceVersion}`,
  );
  const reader = watched.body?.pipeThrough(new TextDecoderStream()).getReader();
  server.apply({ ...pod, metadata: { name: "web-2" } });
  expect(JSON.parse((await reader?.read())?.value ?? "")).toMatchObject({
    type: "ADDED",
    object: { kind: "Pod" },
  });
  server.bookmark();
  expect(JSON.parse((await reader?.read())?.value ?? "")).toMatchObject({ type: "BOOKMARK" });
  server.fault({ do: "error-event", watch: true, count: 1 });
  expect(JSON.parse((await reader?.read())?.value ?? "")).toMatchObject({
    type: "ERROR",
    object: { code: 410 },
  });
  expect((await reader?.read())?.done).toBe(true);
  server.compact();
  const late = await fetch(`${path}?watch=true&resourceVersion=${resourceVersion}`);
  expect(await late.json()).toMatchObject({ type: "ERROR", object: { code: 410, reason: "Expired" } });
});

test("a port-forward leads to where the pod is served", async () => {
  server = await startApiServer();
  server.apply(pod);
  const echo = createServer((socket) => socket.pipe(socket)).listen(0, "127.0.0.1");
  await once(echo, "listening");
  server.servePod("default", "web-1", 8080, {
    host: "127.0.0.1",
    port: (echo.address() as AddressInfo).port,
  });
  const url = `${server.url.replace("http", "ws")}/api/v1/namespaces/default/pods/web-1/portforward?ports=8080`;
  const socket = new WebSocket(url, ["v4.channel.k8s.io"]);
  const frames: string[] = [];
  socket.on("message", (frame: Buffer) => {
    frames.push(frame.toString("hex"));
    if (frames.length === 2) socket.send(Buffer.from([0, 104, 105]));
    if (frames.length === 3) socket.close();
  });
  await once(socket, "close");
  expect(frames).toEqual(["00901f", "01901f", "006869"]);
  echo.close();
});
