import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { match } from "../../src/match/match.ts";
import { matchTls } from "../../src/match/tls.ts";
import { textsOf } from "../../src/model/reason.ts";
import type { Resolution } from "../../src/model/upstream.ts";
import { newAuthority, type TestPair } from "../support/authority.ts";
import { parseOptions } from "../support/case-file.ts";
import { compileCase } from "../support/compiled-case.ts";
import { bodyOf, exchangeRaw, rawClient, reset, statusOf } from "../support/raw.ts";
import {
  deadPort,
  rawUpstream,
  signal,
  type TestProxy,
  testContext,
  testProxy,
  upstreamAt,
} from "./support.ts";

const INGRESS = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: pass
  annotations:
    nginx.ingress.kubernetes.io/ssl-passthrough: "true"
    nginx.ingress.kubernetes.io/server-alias: alias.test
spec:
  ingressClassName: nginx
  rules:
    - host: pass.test
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 443 } } } }
          - { path: /other, pathType: Prefix, backend: { service: { name: other, port: { number: 80 } } } }
`;

let own: TestPair;
beforeAll(() => {
  own = newAuthority("Own").issue("pass.test");
});

/** A proxy for the Ingress above with this resolution for all Services. */
async function served(resolution: Resolution): Promise<TestProxy> {
  const all = compileCase([{ file: "pass.yaml", text: INGRESS }], parseOptions("", "pass.yaml"));
  onTestFinished(() => all.close());
  return testProxy(1, {
    decide: (facts) => match(all.table, facts),
    decideTls: (name) => matchTls(all.table, name),
    resolve: () => resolution,
  });
}

const at = (port: number, protocol: "http" | "https" = "https"): Resolution => ({
  kind: "upstream",
  upstream: upstreamAt(port, { protocol }),
});

/** A pod that answers TLS with its own certificate. */
async function pod(): Promise<number> {
  const server = createHttpsServer(own, (request, response) => {
    const { servername } = request.socket as TLSSocket & { servername: string };
    response.end(`pod ${servername} ${request.headers["x-forwarded-for"]}`);
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function openTls({ proxy }: TestProxy, servername: string): Promise<TLSSocket> {
  const socket = connectTls({
    port: proxy.https.port,
    host: "127.0.0.1",
    rejectUnauthorized: false,
    servername,
  });
  onTestFinished(() => void socket.destroy());
  await new Promise<void>((resolve, reject) =>
    socket
      .once("secureConnect", resolve)
      .once("error", reject)
      .once("close", () => reject(new Error("closed"))),
  );
  return socket;
}

const GET = "GET / HTTP/1.1\r\nHost: pass.test\r\nConnection: close\r\n\r\n";

describe("ssl-passthrough", () => {
  test.each([
    "pass.test",
    "PASS.test",
  ])("%s: the pod's own certificate, and bytes that nobody touched", async (name) => {
    const proxy = await served(at(await pod()));
    const socket = await openTls(proxy, name);
    expect(socket.getPeerCertificate().subject.CN).toBe("pass.test");
    const client = rawClient(socket);
    client.send(GET);
    expect(bodyOf((await client.end()).text)).toBe(`pod ${name} undefined`);
    expect((await proxy.hit(1))[0]).toMatchObject({
      method: "TLS",
      scheme: "https",
      host: "pass.test",
      status: 101,
      decision: "forward",
      ingress: "default/pass",
      backend: { namespace: "default", service: "web", port: 443 },
    });
  });

  test("its aliases, other names and http are served as ever", async () => {
    const proxy = await served(at(await pod()));
    for (const name of ["alias.test", "other.test"])
      expect((await openTls(proxy, name)).getPeerCertificate().subject.CN).toBe("default.test");
    expect(bodyOf((await exchangeRaw(proxy.port, GET)).text)).toContain("pod");
  });

  test("what speaks no TLS is given requests, behind a certificate of ours", async () => {
    const upstream = await rawUpstream((socket) =>
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nplain")),
    );
    const proxy = await served(at(upstream, "http"));
    const socket = await openTls(proxy, "pass.test");
    expect(socket.getPeerCertificate().subject.CN).toBe("default.test");
    const client = rawClient(socket);
    client.send(GET);
    expect(bodyOf((await client.end()).text)).toBe("plain");
  });

  test("a message in pieces, and 20 MB both ways, no faster than the other side takes them", async () => {
    const megabytes = 20;
    let received = 0;
    const upstream = await rawUpstream((socket) => socket.pipe(socket));
    const proxy = await served(at(upstream));
    const whole = await helloOf("pass.test");
    const socket = connect(proxy.proxy.https.port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    for (const byte of whole.subarray(0, 30)) {
      socket.write(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    socket.write(whole.subarray(30));
    const done = signal();
    socket.on("data", (chunk: Buffer) => {
      received += chunk.length;
      if (received === whole.length + megabytes * 1_000_000) done.resolve();
    });
    for (let count = 0; count < megabytes; count++)
      if (!socket.write(Buffer.alloc(1_000_000, count))) await new Promise((go) => socket.once("drain", go));
    await done.promise;
  });

  test.each([
    ["nobody listens", async () => at(await deadPort()), 502],
    [
      "there are no endpoints",
      async (): Promise<Resolution> => ({ kind: "none", why: "there are none" }),
      503,
    ],
  ])("%s: the connection is closed, and the reason told", async (_, resolution, status) => {
    const proxy = await served(await resolution());
    await expect(openTls(proxy, "pass.test")).rejects.toThrow();
    const [hit] = await proxy.hit(1);
    expect(hit).toMatchObject({ status, method: "TLS" });
    expect(textsOf(hit?.why ?? []).join()).toMatch(
      status === 502 ? /could not be reached: connect ECONNREFUSED/ : /there are none/,
    );
  });

  test("either side that breaks off takes the other with it; an end of the proxy ends tunnels at once", async () => {
    const closed = signal();
    const arrived = [signal(), signal(), signal()];
    const upstream = await rawUpstream((socket, connection) => {
      socket.on("close", closed.resolve);
      socket.on("data", () => {
        arrived[connection - 1]?.resolve();
        if (connection === 2) reset(socket);
      });
    });
    const proxy = await served(at(upstream));
    const hello = await helloOf("pass.test");
    const open = () => {
      const socket = connect(proxy.proxy.https.port, "127.0.0.1");
      socket.on("error", () => {}).write(hello);
      return { socket, gone: new Promise((resolve) => socket.on("close", resolve)) };
    };
    const first = open();
    await arrived[0]?.promise;
    first.socket.destroy();
    await closed.promise;
    const second = open();
    await second.gone;
    const third = open();
    await arrived[2]?.promise;
    await proxy.proxy.close(60_000);
    await third.gone;
    expect((await proxy.hit(3)).every(({ method }) => method === "TLS")).toBe(true);
  });
});

/** A TLS client's first bytes. */
async function helloOf(servername: string): Promise<Buffer> {
  const first = signal();
  let bytes = Buffer.alloc(0);
  const port = await rawUpstream((socket) =>
    socket.once("data", (chunk) => {
      bytes = Buffer.from(chunk);
      first.resolve();
    }),
  );
  const client = connectTls({ port, host: "127.0.0.1", servername, rejectUnauthorized: false });
  client.on("error", () => {});
  await first.promise;
  client.destroy();
  return bytes;
}

test("a name without a certificate still ends one connection alone", async () => {
  const proxy = await testProxy(1, {
    secureContext: (name) => (name === "bad.test" ? Promise.reject(new Error("no")) : testContext("good")),
  });
  await expect(openTls(proxy, "bad.test")).rejects.toThrow();
  expect((await openTls(proxy, "good.test")).getPeerCertificate().subject.CN).toBe("good");
  expect(statusOf((await exchangeRaw(proxy.port, GET)).text)).toBe(502);
});
