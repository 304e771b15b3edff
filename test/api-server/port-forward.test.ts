import { once } from "node:events";
import { expect, test } from "vitest";
import type { ApiServer } from "../support/api-server/api-server.ts";
import type { Fault } from "../support/api-server/fault.ts";
import { type Channels, forwarding, listening, POD, started } from "./support.ts";

/** A server with the pod `web-1`, whose port 8080 echoes everything. */
async function withEcho(options: Parameters<typeof started>[0] = {}): Promise<ApiServer> {
  const server = await started(options);
  server.apply(POD);
  server.servePod("default", "web-1", 8080, await listening((socket) => socket.pipe(socket)));
  return server;
}

/** One word per frame: channel, then text, or its first two bytes in hex. */
function said(frames: readonly Buffer[]): readonly string[] {
  return frames.map((frame, at) => {
    const rest = frame.subarray(1);
    return `${frame[0]}:${at < 2 ? rest.toString("hex") : rest.toString()}`;
  });
}

async function ended(forward: Channels): Promise<readonly string[]> {
  await forward.closed;
  return said(forward.frames);
}

function send(forward: Channels, text: string): void {
  forward.socket.send(Buffer.concat([Buffer.from([0]), Buffer.from(text)]));
}

const GREETING = ["0:901f", "1:901f"];
const REFUSED =
  '1:error forwarding port 8080 to pod web-1, uid : failed to execute portforward in network namespace "/var/run/netns/cni-0": failed to connect to localhost:8080 inside namespace "web-1", IPv4: dial tcp4 127.0.0.1:8080: connect: connection refused IPv6 dial tcp6: address localhost: no suitable address found';

test("each channel begins with its port; data goes both ways; the pod's end is the end of all", async () => {
  const server = await started();
  server.apply(POD);
  const target = await listening((socket) => socket.once("data", (bytes) => socket.end(`got ${bytes}`)));
  server.servePod("default", "web-1", 8080, target);
  const forward = await forwarding(server);
  expect(said(await forward.until(2))).toEqual(GREETING);
  send(forward, "hi");
  expect(await ended(forward)).toEqual([...GREETING, "0:got hi"]);
  await expect.poll(() => [server.running.length, server.connections]).toEqual([0, 0]);
});

test("in v5 channels end one by one, on either side", async () => {
  const server = await started({ portForwardProtocols: ["v5.channel.k8s.io"] });
  server.apply(POD);
  const target = await listening((socket) => {
    let all = "";
    socket.on("data", (bytes) => {
      all += bytes;
    });
    socket.on("end", () => socket.end(`all: ${all}`));
  });
  server.servePod("default", "web-1", 8080, target);
  const forward = await forwarding(server, ["v5.channel.k8s.io"]);
  await forward.until(2);
  send(forward, "hi");
  forward.socket.send(Buffer.from([255, 0]));
  expect(await ended(forward)).toEqual([...GREETING, "0:all: hi", "255:\0", "255:\u0001"]);
});

test("without anything behind the port, the error is in the words of the container runtime", async () => {
  const server = await started();
  server.apply(POD);
  expect(await ended(await forwarding(server))).toEqual([...GREETING, REFUSED]);
  server.servePod("default", "web-1", 8080, { host: "127.0.0.1", port: 1 });
  expect(await ended(await forwarding(server))).toEqual([...GREETING, REFUSED]);
});

test.each<[string, (server: ApiServer) => unknown, readonly string[], string]>([
  ["no such pod", (server) => server.remove("Pod", "default", "web-1"), ["v4.channel.k8s.io"], "404"],
  ["a protocol that nobody knows", () => {}, ["v9.channel.k8s.io"], "403"],
  [
    "no permission",
    (server) => server.deny({ resources: ["pods/portforward"] }),
    ["v4.channel.k8s.io"],
    "403",
  ],
  [
    "a fault",
    (server) => server.fault({ do: "status", status: 500, subresource: "portforward" }),
    ["v4.channel.k8s.io"],
    "500",
  ],
  [
    "no API server at all",
    (server) => server.fault({ do: "garbage", subresource: "portforward" }),
    ["v4.channel.k8s.io"],
    "200",
  ],
])("the upgrade is refused: %s", async (_, prepare, protocols, code) => {
  const server = await withEcho();
  prepare(server);
  await expect(forwarding(server, protocols)).rejects.toThrow(`Unexpected server response: ${code}`);
});

test.each<[Fault, "then ends" | "and goes on", readonly string[]]>([
  [{ do: "error-text", text: "no" }, "then ends", [...GREETING, "1:no"]],
  [{ do: "error-text", text: "no", afterBytes: 2 }, "then ends", [...GREETING, "0:hi", "1:no"]],
  [{ do: "pod-killed" }, "then ends", GREETING],
  [{ do: "pod-killed", afterBytes: 3 }, "then ends", [...GREETING, "0:hi "]],
  [{ do: "data-closes-early", afterBytes: 1 }, "then ends", [...GREETING, "0:h"]],
  [{ do: "flood", bytes: 5 }, "then ends", [...GREETING, "0:flood"]],
  [{ do: "close" }, "then ends", GREETING],
  [{ do: "wrong-port", port: 80 }, "and goes on", ["0:5000", "1:5000", "0:hi you"]],
  [{ do: "short-port" }, "and goes on", ["0:90", "1:90", "0:hi you"]],
  [{ do: "unknown-channel", channel: 9 }, "and goes on", ["9:6c6f7374", "0:901f"]],
  [{ do: "text-frame", text: "hello" }, "and goes on", ["104:656c6c6f", "0:901f"]],
])("a port-forward with %j %s, having told %j", async (fault, what, frames) => {
  const server = await withEcho();
  server.fault(fault);
  const forward = await forwarding(server);
  send(forward, "hi you");
  if (what === "then ends") expect(await ended(forward)).toEqual(frames);
  else expect(said(await forward.until(frames.length)).slice(0, frames.length)).toEqual(frames);
});

test("a stalled writer sends nothing after so many bytes, a stalled reader takes nothing", async () => {
  const server = await withEcho();
  server.fault({ do: "stalled-writer", afterBytes: 2, count: 1 });
  const mute = await forwarding(server);
  send(mute, "hi you");
  expect(said(await mute.until(3))).toEqual([...GREETING, "0:hi"]);
  server.fault({ do: "stalled-reader", count: 1 });
  const deaf = await forwarding(server);
  send(deaf, "hi");
  const well = await forwarding(server);
  send(well, "hi");
  await well.until(3);
  expect([mute.frames.length, deaf.frames.length]).toEqual([3, 2]);
});

test("the end of a pod ends its port-forwards that run", async () => {
  const server = await withEcho();
  const forward = await forwarding(server);
  send(forward, "hi");
  await forward.until(3);
  server.remove("Pod", "default", "web-1");
  expect(await ended(forward)).toEqual([...GREETING, "0:hi"]);
});

test("a fault hits port-forwards that run: a text, a reset", async () => {
  const server = await withEcho();
  const first = await forwarding(server);
  await first.until(2);
  server.fault({ do: "error-text", text: "gone", count: 1 });
  expect(await ended(first)).toEqual([...GREETING, "1:gone"]);
  const second = await forwarding(server);
  await second.until(2);
  server.fault({ do: "reset", subresource: "portforward", count: 1 });
  expect(await second.closed).toBe(1006);
});

test("a flood waits for its reader, and holds little meanwhile", async () => {
  const server = await withEcho();
  server.fault({ do: "flood", bytes: 300_000_000 });
  const forward = await forwarding(server);
  await forward.until(2);
  forward.socket.pause();
  let received = 0;
  forward.socket.removeAllListeners("message");
  forward.socket.on("message", (frame: Buffer) => {
    received += frame.length;
  });
  const before = process.memoryUsage().arrayBuffers;
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64_000_000);
  forward.socket.terminate();
  await once(forward.socket, "close");
  expect(received).toBeLessThan(64_000_000);
});
