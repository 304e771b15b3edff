import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { describe, expect, test, vi } from "vitest";
import { WebSocketServer } from "ws";
import { connection, httpServer, httpsServer, pair, scratch, silentServer } from "./support.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

test("a connection knows its context, and asks with the user's token", async () => {
  const seen: (string | undefined)[] = [];
  const { port } = await httpServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.authorization} ${request.headers.accept}`);
    response.writeHead(200, { "content-type": "application/json" }).end('{"items":[]}');
  });
  const server = `http://127.0.0.1:${port}`;
  const { connection: api } = await connection({ server: `${server}/` }, { token: "secret" });
  expect([api.context, api.server, api.namespace, api.local]).toEqual(["minikube", server, "shop", "local"]);
  const answer = await api.request("/api/v1/pods?limit=1");
  expect([answer.status, await answer.json()]).toEqual([200, { items: [] }]);
  expect(seen).toEqual(["GET /api/v1/pods?limit=1 Bearer secret application/json"]);
});

test("a body goes as JSON, or as the text that it is", async () => {
  const seen: string[] = [];
  const { port } = await httpServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      seen.push(`${request.method} ${request.headers["content-type"]} ${body}`);
      response.writeHead(201).end();
    });
  });
  const { connection: api } = await connection({ server: `http://127.0.0.1:${port}` }, {});
  await api.request("/x", { method: "POST", body: { kind: "Namespace" } });
  await api.request("/x", { method: "PATCH", body: "a: b", contentType: "application/apply-patch+yaml" });
  expect(seen).toEqual([
    'POST application/json {"kind":"Namespace"}',
    "PATCH application/apply-patch+yaml a: b",
  ]);
});

describe("TLS", () => {
  test("the cluster's own authority, a client certificate, a server that has another name", async () => {
    const [own, client] = [await pair("api.test"), await pair("jane")];
    const tls = {
      cert: own.cert,
      key: own.key,
      ca: client.cert,
      requestCert: true,
      rejectUnauthorized: true,
    };
    const { port } = await httpsServer(tls, (request, response) =>
      response.end((request.socket as TLSSocket).getPeerCertificate().subject.CN),
    );
    const user = {
      "client-certificate-data": base64(client.cert),
      "client-key-data": base64(client.key),
    };
    const cluster = {
      server: `https://127.0.0.1:${port}`,
      "certificate-authority-data": base64(own.cert),
      "tls-server-name": "api.test",
    };
    const { connection: api, rewrite } = await connection(cluster, user);
    expect(await (await api.request("/")).text()).toBe("jane");
    const cases: readonly [object, object, RegExp][] = [
      [{ ...cluster, "tls-server-name": "other.test" }, user, /does not match certificate's altnames/],
      [{ ...cluster, "certificate-authority-data": undefined }, user, /self-signed certificate/],
      [cluster, {}, /alert|ECONNRESET|EPIPE|socket/],
    ];
    for (const [one, other, error] of cases) {
      rewrite(one, other);
      api.refreshCredentials();
      await expect(api.request("/").then((answer) => answer.text())).rejects.toThrow(error);
    }
    rewrite({ server: cluster.server, "insecure-skip-tls-verify": true }, user);
    api.refreshCredentials();
    expect(await (await api.request("/")).text()).toBe("jane");
  });
});

describe("credentials", () => {
  test("401: the token file is read again once, and the request repeated; refused again, the 401 is the answer", async () => {
    const file = join(scratch(), "token");
    let good = "new";
    const seen: (string | undefined)[] = [];
    const { port } = await httpServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(request.headers.authorization === `Bearer ${good}` ? 200 : 401).end();
    });
    let time = 0;
    writeFileSync(file, "old\n");
    const { connection: api } = await connection(
      { server: `http://127.0.0.1:${port}` },
      { tokenFile: file },
      { now: () => time, limits: { renewMs: 1_000, filesMs: 60_000 } },
    );
    expect((await api.request("/")).status).toBe(401);
    expect(seen).toEqual(["Bearer old", "Bearer old"]);
    writeFileSync(file, "new\n");
    expect((await api.request("/")).status, "not renewed again so soon").toBe(401);
    expect(seen.length).toBe(3);
    time = 1_000;
    expect((await api.request("/")).status).toBe(200);
    expect(seen.slice(3)).toEqual(["Bearer old", "Bearer new"]);
    good = "newer";
    writeFileSync(file, "newer\n");
    time = 62_000;
    expect((await api.request("/")).status, "files are read again by themselves").toBe(200);
    expect(seen.length).toBe(6);
  });

  test("a plugin runs once for all, again after its token's end, and again after a 401", async () => {
    const folder = scratch();
    const [plugin, runs] = [join(folder, "plugin"), join(folder, "runs")];
    writeFileSync(
      plugin,
      `#!/bin/sh
echo run >> ${runs}
echo "{\\"apiVersion\\":\\"client.authentication.k8s.io/v1\\",\\"kind\\":\\"ExecCredential\\",\\"status\\":{\\"token\\":\\"t$(wc -l < ${runs} | tr -d ' ')\\",\\"expirationTimestamp\\":\\"1970-01-01T00:01:40Z\\"}}"
`,
    );
    chmodSync(plugin, 0o755);
    let accepted = "Bearer t1";
    const { port } = await httpServer((request, response) =>
      response.writeHead(request.headers.authorization === accepted ? 200 : 401).end(),
    );
    let time = 0;
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: plugin };
    const { connection: api } = await connection(
      { server: `http://127.0.0.1:${port}` },
      { exec },
      { now: () => time, limits: { renewMs: 1_000 } },
    );
    const count = () => readFileSync(runs, "utf8").split("\n").length - 1;
    const all = await Promise.all(Array.from({ length: 10 }, () => api.request("/")));
    expect([all.map(({ status }) => status), count()]).toEqual([Array(10).fill(200), 1]);
    time = 70_000;
    expect(
      [(await api.request("/")).status, count()],
      "the kubeconfig is read anew, the plugin not run",
    ).toEqual([200, 1]);
    accepted = "Bearer t2";
    time = 100_000;
    expect([(await api.request("/")).status, count()]).toEqual([200, 2]);
    accepted = "Bearer t4";
    time = 100_001;
    // The token has expired, so each session runs the plugin: once for the request, once for the 401.
    expect([(await api.request("/")).status, count()]).toEqual([200, 4]);
  });

  test.each<[string, object, RegExp]>([
    [
      "a token file that is not there",
      { tokenFile: "/nowhere/token" },
      /token file \/nowhere\/token of user "u" cannot be read: ENOENT/,
    ],
    [
      "a certificate that is not there",
      { "client-certificate": "/nowhere/c.crt" },
      /credentials of user "u" cannot be used: ENOENT/,
    ],
    [
      "a way that is gone",
      { "auth-provider": { name: "gcp", config: {} } },
      /gcp auth plugin of user "u" has been removed/,
    ],
  ])("%s is said", async (_what, user, message) => {
    const { connection: api } = await connection({ server: "http://127.0.0.1:1" }, user);
    await expect(api.request("/")).rejects.toMatchObject({ code: "cluster-credentials", message });
  });

  test("impersonation", async () => {
    const seen: unknown[] = [];
    const { port } = await httpServer((request, response) => {
      seen.push(request.headers["impersonate-user"], request.headers["impersonate-group"]);
      response.end();
    });
    const user = { as: "jane", "as-groups": ["dev", "ops"] };
    const { connection: api } = await connection({ server: `http://127.0.0.1:${port}` }, user);
    await api.request("/");
    expect(seen).toEqual(["jane", "dev, ops"]);
  });
});

describe("a server that is not there, or no longer", () => {
  test("after a failure the kubeconfig is read again: a local cluster has another port after each start", async () => {
    const { port } = await httpServer((_request, response) => response.end("here"));
    const { connection: api, rewrite } = await connection({ server: "http://127.0.0.1:1" }, {});
    await expect(api.request("/")).rejects.toThrow("ECONNREFUSED");
    rewrite({ server: `http://127.0.0.1:${port}` }, {});
    expect(await (await api.request("/")).text()).toBe("here");
    expect(api.server).toBe(`http://127.0.0.1:${port}`);
  });

  test.each<[string, string, RegExp]>([
    ["no handshake", "https", /could not be reached within 0.05 s/],
    ["no head", "http", /did not answer within 0.06 s/],
  ])("silence: %s", async (_what, scheme, error) => {
    const { port, sockets } = await silentServer();
    const { connection: api } = await connection(
      { server: `${scheme}://127.0.0.1:${port}` },
      {},
      { limits: { connectMs: 50, answerMs: 60 } },
    );
    await expect(api.request("/")).rejects.toThrow(error);
    await vi.waitFor(() => expect(sockets.size).toBe(0), { timeout: 20_000 });
  });

  test("silence within the body", async () => {
    const { port, sockets } = await httpServer((_request, response) => response.write("{"));
    const { connection: api } = await connection({ server: `http://127.0.0.1:${port}` }, {});
    const answer = await api.request("/", { idleMs: 50 });
    await expect(answer.text()).rejects.toThrow("said nothing more within 0.05 s");
    await vi.waitFor(() => expect(sockets.size).toBe(0), { timeout: 20_000 });
  });

  test("the end of the connection, or of a signal, ends what is under way", async () => {
    const { port, sockets } = await httpServer((_request, response) => response.write("{"));
    const { connection: api } = await connection({ server: `http://127.0.0.1:${port}` }, {});
    const [first, second] = [new AbortController(), await api.request("/")];
    const aborted = await api.request("/", { signal: first.signal });
    first.abort(new Error("enough"));
    await expect(aborted.text()).rejects.toThrow();
    await vi.waitFor(() => expect(sockets.size).toBe(1), { timeout: 20_000 });
    api.close();
    await expect(second.text()).rejects.toThrow();
    await vi.waitFor(() => expect(sockets.size).toBe(0), { timeout: 20_000 });
    await expect(api.request("/")).rejects.toThrow("the connection to the API server was closed");
  });
});

describe("WebSockets", () => {
  test("have the credentials, the subprotocol and their end", async () => {
    const seen: (string | undefined)[] = [];
    const { server, port, sockets } = await httpServer((_request, response) => response.end());
    new WebSocketServer({ server }).on("connection", (socket, request) => {
      seen.push(request.url, request.headers.authorization, socket.protocol);
      socket.send("hello");
    });
    const { connection: api } = await connection({ server: `http://127.0.0.1:${port}` }, { token: "t" });
    const socket = await api.webSocket("/portforward?ports=80", ["v5.channel.k8s.io"]);
    await new Promise((resolve) => setImmediate(resolve));
    const message = new Promise((resolve) => socket.once("message", resolve));
    socket.resume();
    expect([String(await message), ...seen]).toEqual([
      "hello",
      "/portforward?ports=80",
      "Bearer t",
      "v5.channel.k8s.io",
    ]);
    api.close();
    await vi.waitFor(() => expect(sockets.size).toBe(0), { timeout: 20_000 });
  });

  test.each<[number, string, string]>([
    [
      403,
      '{"kind":"Status","message":"pods \\"web\\" is forbidden"}',
      'the API server answered 403: pods "web" is forbidden',
    ],
    [500, "oops", "the API server answered 500: oops"],
    [404, "", "the API server answered 404: Not Found"],
  ])("a refusal with %i is an error with the server's words", async (status, body, message) => {
    const { port } = await httpServer((_request, response) => response.writeHead(status).end(body));
    const { connection: api } = await connection({ server: `http://127.0.0.1:${port}` }, {});
    await expect(api.webSocket("/x", ["v4.channel.k8s.io"])).rejects.toMatchObject({ status, message });
  });

  test("401 renews the credentials once", async () => {
    const file = join(scratch(), "token");
    const { server, port } = await httpServer((_request, response) => response.end());
    const sockets = new WebSocketServer({ noServer: true });
    server.on("upgrade", (request, socket, head) => {
      if (request.headers.authorization === "Bearer new")
        sockets.handleUpgrade(request, socket, head, () => undefined);
      else {
        writeFileSync(file, "new");
        socket.end("HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n");
      }
    });
    writeFileSync(file, "old");
    const { connection: api } = await connection({ server: `http://127.0.0.1:${port}` }, { tokenFile: file });
    const socket = await api.webSocket("/x", []);
    expect(socket.readyState).toBe(socket.OPEN);
  });

  test("a server that says nothing is not waited for", async () => {
    const { port, sockets } = await silentServer();
    const { connection: api } = await connection(
      { server: `http://127.0.0.1:${port}` },
      {},
      { limits: { connectMs: 20, answerMs: 40 } },
    );
    await expect(api.webSocket("/x", [])).rejects.toThrow("Opening handshake has timed out");
    await vi.waitFor(() => expect(sockets.size).toBe(0), { timeout: 20_000 });
  });
});
