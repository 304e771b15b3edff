import { once } from "node:events";
import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, test, vi } from "vitest";
import type { WebSocket } from "ws";
import type { ChannelProtocol } from "../../../src/upstream/port-forward/channels.ts";
import {
  createPodForwards,
  FORWARD_LIMITS,
  type ForwardLimits,
} from "../../../src/upstream/port-forward/forwards.ts";
import { greet, oddServer, rawPod, testCluster } from "./support.ts";

const TO = { namespace: "default", pod: "web-1", uid: "uid-1", port: 80 };
const WAITED_FOR = new AbortController().signal;
const PATIENCE = { timeout: 20_000 };

async function forwardsTo(
  talk: (socket: WebSocket) => void,
  limits: Partial<ForwardLimits> = {},
  protocol?: ChannelProtocol,
) {
  const api = await oddServer(talk, protocol);
  return createPodForwards(api, { ...FORWARD_LIMITS, ...limits });
}

/** The end of a stream: `end`, or its error. */
async function endOf(stream: Duplex): Promise<string> {
  const failed = new Promise<string>((resolve) => stream.once("error", ({ message }) => resolve(message)));
  const ended = new Promise<string>((resolve) => stream.once("end", () => resolve("end")));
  stream.resume();
  return Promise.race([failed, ended]);
}

describe("an end of one side", () => {
  test.each<[ChannelProtocol]>([
    ["v4.channel.k8s.io"],
    ["v5.channel.k8s.io"],
  ])("%s: what was sent before the end arrives, and the answer to it comes back", async (protocol) => {
    const cluster = await testCluster({ portForwardProtocols: [protocol] });
    // Answers at the end of input; with v4 that never comes, and the pod answers what it has.
    const port = await rawPod((socket) => {
      let text = "";
      socket.on("data", (chunk) => {
        text += String(chunk);
        if (protocol === "v4.channel.k8s.io" && text === "question") socket.end(`answer to ${text}`);
      });
      socket.on("end", () => socket.end(`answer to ${text}`));
    });
    cluster.pod("web-1", port);
    const stream = await cluster.forwards.open(TO, WAITED_FOR);
    stream.end("question");
    expect((await buffer(stream)).toString()).toBe("answer to question");
    await vi.waitFor(() => expect(cluster.server.connections).toBe(0), PATIENCE);
  });

  test("v4 cannot say that no more comes: the pod is left when it has been silent for a while", async () => {
    const cluster = await testCluster({}, { silenceMs: 50 });
    let left = 0;
    const port = await rawPod((socket) => {
      socket.write("one ");
      socket.once("data", () => socket.write("two"));
      socket.once("end", () => {
        left += 1;
      });
    });
    cluster.pod("web-1", port);
    const stream = await cluster.forwards.open(TO, WAITED_FOR);
    stream.end("go on");
    expect((await buffer(stream)).toString()).toBe("one two");
    await vi.waitFor(() => expect([left, cluster.server.connections]).toEqual([1, 0]), PATIENCE);
  });

  test("the pod's end closes the stream, as it does a socket", async () => {
    const cluster = await testCluster();
    cluster.pod("web-1", await rawPod((socket) => socket.end("bye")));
    const stream = await cluster.forwards.open(TO, WAITED_FOR);
    expect((await buffer(stream)).toString()).toBe("bye");
    await vi.waitFor(() => expect([stream.destroyed, stream.errored]).toEqual([true, null]), PATIENCE);
  });
});

describe("what an odd server does", () => {
  const data = (bytes: number) => Buffer.alloc(bytes + 1);
  const failure = (text: string) => Buffer.from(`\x01${text}`);
  const broken = "the port-forward broke off: ";
  test.each<[string, (socket: WebSocket) => void, string]>([
    ["closes in order", (socket) => socket.close(1000), "end"],
    ["closes without a code", (socket) => socket.close(), "end"],
    [
      "goes away",
      (socket) => socket.close(1001),
      `${broken}the connection to the API server was lost (close code 1001)`,
    ],
    [
      "is lost",
      (socket) => void setImmediate(() => socket.terminate()),
      `${broken}the connection to the API server was lost (close code 1006)`,
    ],
    ["sends a large message", (socket) => void socket.send(data(999_000), () => socket.close(1000)), "end"],
    [
      "sends one that is too large",
      (socket) => socket.send(data(1_000_000)),
      `${broken}Max payload size exceeded`,
    ],
    [
      "fails in pieces",
      (socket) => ["no ", "way"].forEach((text) => void socket.send(failure(text))),
      "no way",
    ],
    [
      "fails, and sends data all the same",
      (socket) => [failure("no"), data(9)].forEach((bytes) => void socket.send(bytes)),
      "no",
    ],
  ])("%s", async (_, talk, expected) => {
    const forwards = await forwardsTo((socket) => {
      greet(socket);
      talk(socket);
    });
    // The fault may arrive in the same read as the greeting.
    const end = await forwards.open(TO, WAITED_FOR).then(
      (stream) => (stream.errored ? stream.errored.message : endOf(stream)),
      (error: Error) => error.message,
    );
    expect(end).toBe(expected);
  });

  test("says no port: given up with the signal, and left", async () => {
    const closed = vi.fn();
    const forwards = await forwardsTo((socket) => socket.on("close", closed));
    await expect(forwards.open(TO, AbortSignal.timeout(50))).rejects.toThrow("due to timeout");
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce(), PATIENCE);
  });

  test("answers no ping: the stream fails; answers: it stays, however long nothing else comes", async () => {
    const pings: WebSocket[] = [];
    const silent = await forwardsTo(
      (socket) => {
        greet(socket);
        socket.pause();
      },
      { heartbeatMs: 20 },
    );
    const awake = await forwardsTo(
      (socket) => {
        greet(socket);
        socket.on("ping", () => pings.push(socket));
      },
      {
        heartbeatMs: 20,
      },
    );
    const stays = await awake.open(TO, WAITED_FOR);
    expect(await endOf(await silent.open(TO, WAITED_FOR))).toBe(
      `${broken}nothing comes from the API server any more, not even an answer to a ping`,
    );
    await vi.waitFor(() => expect(pings.length).toBeGreaterThan(5), PATIENCE);
    expect(stays.destroyed).toBe(false);
    awake.close();
  });
});

describe("all streams", () => {
  test("no more than so many at once: the next waits for one to end, or until nobody waits for it", async () => {
    const forwards = await forwardsTo(greet, { streams: 2 });
    const [one, two] = [await forwards.open(TO, WAITED_FOR), await forwards.open(TO, WAITED_FOR)];
    await expect(forwards.open(TO, AbortSignal.timeout(20))).rejects.toThrow("due to timeout");
    const three = forwards.open(TO, WAITED_FOR);
    const four = forwards.open(TO, WAITED_FOR);
    one.destroy();
    await three;
    two.destroy();
    await four;
    forwards.close();
  });

  test("those to a pod that is gone end soon, the others stay", async () => {
    const forwards = await forwardsTo(greet, { goneMs: 20 });
    const [gone, stays] = [
      await forwards.open(TO, WAITED_FOR),
      await forwards.open({ ...TO, uid: "uid-2" }, WAITED_FOR),
    ];
    forwards.keep(({ uid }) => uid === "uid-2");
    expect(await endOf(gone)).toBe("the pod default/web-1 is gone");
    expect(stays.destroyed).toBe(false);
    forwards.close();
  });

  test("end when all is closed, those that are being opened as well", async () => {
    let connections = 0;
    const forwards = await forwardsTo((socket) => {
      connections += 1;
      if (connections === 1) greet(socket);
    });
    const stream = await forwards.open(TO, WAITED_FOR);
    const opening = forwards.open(TO, WAITED_FOR);
    await vi.waitFor(() => expect(connections).toBe(2), PATIENCE);
    forwards.close();
    await expect(opening).rejects.toThrow("the port-forwards were closed");
    await expect(forwards.open(TO, WAITED_FOR)).rejects.toThrow("the port-forwards were closed");
    if (!stream.closed) await once(stream, "close");
    expect(stream.errored?.message).toBe("the port-forwards were closed");
  });
});
