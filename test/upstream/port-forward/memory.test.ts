import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { type IncomingMessage, type RequestListener, request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { signal } from "../../proxy/support.ts";
import { built } from "../../support/built.ts";
import { httpPod, kubeconfigFile, testCluster } from "./support.ts";

const FLOOD_BYTES = 300_000_000;
const MOST_BYTES = 64 * 1024 * 1024;
const WARM_REQUESTS = 60;
const WARM_BODY = Buffer.alloc(1_000_000, "x");
const CHUNK = Buffer.alloc(65_536, "x");

/** The proxy with its port-forwards, in its own process. */
interface Forwarding {
  readonly port: number;
  /** unit: bytes */
  readonly rss: () => Promise<number>;
}

/** A 1 MB request and answer: hot code is compiled, which takes memory. */
async function warm(port: number): Promise<void> {
  const headers = { host: "a.test" };
  const asked = request({ port, path: "/warm", method: "POST", headers, agent: false }).end(WARM_BODY);
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  expect((await buffer(response)).length).toBe(WARM_BODY.length);
}

/** Starts it before a pod and warms it up with some megabytes. */
async function forwardingTo(listener: RequestListener): Promise<Forwarding> {
  const cluster = await testCluster();
  const podPort = await httpPod((asked, response) => {
    if (asked.url === "/warm") asked.pipe(response);
    else listener(asked, response);
  });
  cluster.pod("web-1", podPort);
  const script = built(join(import.meta.dirname, "forwarding-process.ts"));
  const child = fork(script, [kubeconfigFile(cluster.server)]);
  onTestFinished(() => void child.kill("SIGKILL"));
  const { port } = await said<{ port: number }>(child);
  const rss = async () => {
    child.send("rss");
    return (await said<{ rss: number }>(child)).rss;
  };
  for (let at = 0; at < WARM_REQUESTS; at += 1) await warm(port);
  return { port, rss };
}

async function said<T>(child: ChildProcess): Promise<T> {
  const [message] = await once(child, "message");
  return message as T;
}

/** Waits until a count is stable for half a second; returns the largest growth of memory. */
async function stalled({ rss }: Forwarding, count: () => number, before: number): Promise<number> {
  let [last, most, still] = [-1, 0, 0];
  while (still < 10) {
    await delay(50);
    most = Math.max(most, (await rss()) - before);
    still = count() === last && last > 0 ? still + 1 : 0;
    last = count();
  }
  return most;
}

/** Writes the whole flood as fast as it is accepted. */
function flood(into: NodeJS.WritableStream, sent: (bytes: number) => void, done: () => void): void {
  let left = FLOOD_BYTES;
  const send = (): void => {
    while (left > 0) {
      const chunk = CHUNK.subarray(0, left);
      left -= chunk.length;
      sent(chunk.length);
      if (!into.write(chunk)) return void into.once("drain", send);
    }
    done();
  };
  send();
}

test("300 MB to a client that does not read: held back up to the pod, and whole when it reads on", async () => {
  let sent = 0;
  const forwarding = await forwardingTo((_, response) => {
    response.writeHead(200, { "Content-Length": FLOOD_BYTES });
    flood(
      response,
      (bytes) => {
        sent += bytes;
      },
      () => response.end(),
    );
  });
  const before = await forwarding.rss();
  const client = connect(forwarding.port, "127.0.0.1").pause();
  client.write("GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
  expect(await stalled(forwarding, () => sent, before)).toBeLessThan(MOST_BYTES);
  expect(sent).toBeLessThan(FLOOD_BYTES / 2);
  let received = 0;
  client.on("data", (chunk: Buffer) => {
    received += chunk.length;
  });
  client.resume();
  await once(client, "end");
  expect(received).toBeGreaterThan(FLOOD_BYTES);
  expect((await forwarding.rss()) - before).toBeLessThan(MOST_BYTES);
});

test("300 MB to a pod that does not read: held back up to the client, and whole when it reads on", async () => {
  const { promise: mayRead, resolve: read } = signal();
  let received = 0;
  const forwarding = await forwardingTo((request, response) => {
    void mayRead.then(() => {
      request.on("data", (chunk: Buffer) => {
        received += chunk.length;
      });
      request.on("end", () => response.end());
    });
  });
  const before = await forwarding.rss();
  let sent = 0;
  const client = connect(forwarding.port, "127.0.0.1").resume();
  client.write(
    `POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${FLOOD_BYTES}\r\nConnection: close\r\n\r\n`,
  );
  flood(
    client,
    (bytes) => {
      sent += bytes;
    },
    () => {},
  );
  expect(await stalled(forwarding, () => sent, before)).toBeLessThan(MOST_BYTES);
  expect(sent).toBeLessThan(FLOOD_BYTES / 2);
  read();
  await once(client, "end");
  expect(received).toBe(FLOOD_BYTES);
  expect((await forwarding.rss()) - before).toBeLessThan(MOST_BYTES);
});
