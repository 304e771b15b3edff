import { expect, test } from "vitest";
import { bodyOf, exchangeRaw, headLines, statusOf } from "../support/raw.ts";
import { serveManifests } from "./served.ts";
import { httpUpstream } from "./support.ts";

/** An HTTPProxy of app.test whose only route has these fields, and Services `web` and `copy`. */
function proxyWith(route: string): string {
  return `apiVersion: projectcontour.io/v1
kind: HTTPProxy
metadata: { name: app }
spec:
  ingressClassName: nginx
  virtualhost: { fqdn: app.test }
  routes:
${route}
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: copy }
spec: { ports: [{ port: 80 }] }
`;
}

const WEB = "services: [{ name: web, port: 80 }]";

const ask = async (port: number, path = "/", lines = "", host = "app.test") => {
  const head = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n`;
  const { text } = await exchangeRaw(port, `${head}${lines}\r\n`);
  const cookies = headLines(text).flatMap((line) => /^set-cookie: (.*)$/i.exec(line)?.[1] ?? []);
  return { status: statusOf(text), cookies, body: bodyOf(text) };
};

test.each([
  ["a=1", "a=1; Path=/x; Secure"],
  ["a=1; Path=/y; HttpOnly", "a=1; Path=/x; HttpOnly; Secure"],
  ["a=1; path=/y; Path=/z; Path=/q", "a=1; path=/y; Path=/x; Secure"],
  ["a=1;Path=/y", "a=1; ath=/y; Path=/x; Secure"],
  ["b=1; Secure; SameSite=Lax", "b=1; SameSite=Strict; Domain=b.test"],
  ["c=1; Path=/y", "c=1; Path=/y"],
  ["A=1; Path=/y", "A=1; Path=/y"],
  ["a; Path=/y", "a; Path=/y"],
])("cookieRewritePolicies: %s becomes %s", async (sent, gets) => {
  const web = await httpUpstream((_, response) => response.setHeader("Set-Cookie", sent).end("ok"));
  const { port } = await serveManifests(
    proxyWith(`    - services:
        - name: web
          port: 80
          cookieRewritePolicies: [{ name: a, pathRewrite: { value: /x } }]
      cookieRewritePolicies:
        - { name: a, pathRewrite: { value: /route }, secure: true }
        - { name: b, secure: false, sameSite: Strict, domainRewrite: { value: b.test } }`),
    { web },
    {},
    "contour",
  );
  expect((await ask(port)).cookies).toEqual([gets]);
});

test.each([
  ["app.test", "", "app.test-shadow"],
  ["app.test:8080", "", "app.test-shadow:8080"],
  ["app.test", ", weight: 100", "app.test-shadow"],
])("a mirror gets a copy for %s%s with the Host %s", async (host, weight, seen) => {
  const copies: string[] = [];
  const web = await httpUpstream((_, response) => response.end("ok"));
  const copy = await httpUpstream((request, response) => {
    copies.push(`${request.headers.host}${request.url}`);
    response.end("never seen");
  });
  const { port } = await serveManifests(
    proxyWith(`    - services: [{ name: web, port: 80 }, { name: copy, port: 80, mirror: true${weight} }]
      pathRewritePolicy: { replacePrefix: [{ replacement: /new }] }
      conditions: [{ prefix: /m }]`),
    { web, copy },
    {},
    "contour",
  );
  expect((await ask(port, "/m/x?q=1", "", host)).body).toBe("ok");
  await expect.poll(() => copies).toEqual([`${seen}/new/x?q=1`]);
});

test("timeoutPolicy.idle ends a silent request with words of its own", async () => {
  const web = await httpUpstream(() => {});
  const { port } = await serveManifests(
    proxyWith(`    - ${WEB}
      timeoutPolicy: { idle: 50ms }
    - ${WEB}
      conditions: [{ prefix: /answer }]
      timeoutPolicy: { response: 50ms }`),
    { web },
    {},
    "contour",
  );
  expect(await ask(port)).toMatchObject({ status: 504, body: expect.stringMatching(/^stream timeout\n/) });
  expect(await ask(port, "/answer")).toMatchObject({
    status: 504,
    body: expect.stringMatching(/^upstream request timeout\n/),
  });
});

test("strategy Cookie gives a client a session, and no second one", async () => {
  const web = await httpUpstream((_, response) => response.setHeader("Set-Cookie", "own=1").end("ok"));
  const { port } = await serveManifests(
    proxyWith(`    - ${WEB}
      loadBalancerPolicy: { strategy: Cookie }`),
    { web },
    {},
    "contour",
  );
  const { cookies } = await ask(port);
  const given = expect.stringMatching(/^X-Contour-Session-Affinity="[0-9a-f]{16}"; Path=\/; HttpOnly$/);
  expect(cookies).toEqual(["own=1", given]);
  const [session] = cookies.at(-1)?.split(";") ?? [];
  expect((await ask(port, "/", `Cookie: ${session}\r\n`)).cookies).toEqual(["own=1"]);
});

test.each([
  ["a route of the host", "", "302 http://app.test/to/x?q=1#z", "GET app.test /to/x?q=1"],
  ["another host's", "", "302 http://other.test:8080", "GET other.test:8080 /"],
  ["one that no route has", "", "302 http://nobody.test/", "302"],
  ["a relative one", "", "302 /to/x", "302"],
  ["another scheme's", "", "302 https://app.test/to/x", "302"],
  ["another status", "", "301 http://app.test/to/x", "301"],
  ["a status of the list", "redirectResponseCodes: [301]", "301 http://app.test/to/x", "GET app.test /to/x"],
  ["a second one", "", "302 http://app.test/from/2", "302"],
  ["a second one of two", "maxInternalRedirects: 2", "302 http://app.test/from/2", "GET app.test /to/end"],
  [
    "a second one where routes are taken once",
    "maxInternalRedirects: 2, denyRepeatedRouteRedirect: true",
    "302 http://app.test/from/2",
    "302",
  ],
  ["one to a redirect", "", "302 http://app.test/moved", "307"],
])("internalRedirectPolicy follows %s or not", async (_, policy, answer, wanted) => {
  const [status, location = ""] = answer.split(" ");
  const told: (string | undefined)[] = [];
  const web = await httpUpstream((request, response) => {
    const { method, url = "", headers } = request;
    if (url === "/from/2") response.writeHead(302, { Location: "http://app.test/to/end" }).end();
    else if (url.startsWith("/from")) response.writeHead(Number(status), { Location: location }).end();
    else {
      told.push(headers["x-envoy-original-url"] as string);
      response.end(`${method} ${headers.host} ${url}`);
    }
  });
  const { port } = await serveManifests(
    `${proxyWith(`    - ${WEB}
      conditions: [{ prefix: /from }]
      internalRedirectPolicy: { ${policy} }
    - ${WEB}
      conditions: [{ prefix: /to }]
    - conditions: [{ prefix: /moved }]
      requestRedirectPolicy: { statusCode: 307 }`)}---
apiVersion: projectcontour.io/v1
kind: HTTPProxy
metadata: { name: other }
spec:
  ingressClassName: nginx
  virtualhost: { fqdn: other.test }
  routes:
    - ${WEB}
`,
    { web },
    {},
    "contour",
  );
  const { status: got, body } = await ask(port, "/from/a?b");
  expect(got === 200 ? body : String(got)).toBe(wanted);
  if (got === 200) expect(told).toEqual([expect.stringMatching(/^http:\/\/app\.test\/from\/(?:a\?b|2)$/)]);
});

/** As many requests at once as there are words; each is answered once all have come. */
async function atOnce(port: number, many: number): Promise<readonly string[]> {
  const answers = await Promise.all(Array.from({ length: many }, () => ask(port)));
  return answers.map(({ status, body }) => `${status} ${body}`.trim()).sort();
}

const OVERFLOW = "503 upstream connect error or disconnect/reset before headers. reset reason: overflow";

test.each([
  ["max-requests: '2'", [200, 200, 503]],
  ["max-requests: '0'", [200, 200, 200]],
  ["max-requests: many", [200, 200, 200]],
  ["max-connections: '1'", [200, 200, 200]],
  ["max-connections: '1', projectcontour.io/max-pending-requests: '1'", [200, 200, 200, 503]],
])("a Service with %s answers so many at once", async (annotations, wanted) => {
  const most = wanted.filter((status) => status === 200).length;
  const waiting: (() => void)[] = [];
  const web = await httpUpstream((_, response) => {
    waiting.push(() => response.end("ok"));
    if (waiting.length === most) for (const answer of waiting.splice(0)) answer();
  });
  const manifests = proxyWith(`    - ${WEB}`).replace(
    "metadata: { name: web }",
    `metadata: { name: web, annotations: { projectcontour.io/${annotations} } }`,
  );
  const { port } = await serveManifests(manifests, { web }, {}, "contour");
  const answers = await atOnce(port, wanted.length);
  expect(answers.map((each) => Number(each.slice(0, 3)))).toEqual(wanted);
  if (wanted.includes(503)) expect(answers.at(-1)).toContain(OVERFLOW);
  expect((await atOnce(port, most)).every((each) => each.startsWith("200"))).toBe(true);
});

test.each([
  ["", 200, 200],
  ["", 500, 503],
  ["expectedStatuses: [{ start: 300, end: 500 }]", 200, 503],
  ["expectedStatuses: [{ start: 300, end: 500 }, { start: 200, end: 201 }]", 200, 200],
])("healthCheckPolicy with %s, of a pod that answers %i: %i", async (more, answer, wanted) => {
  const asked: string[] = [];
  const web = await httpUpstream((request, response) => {
    const { url, headers } = request;
    if (url !== "/healthy") return void response.end("ok");
    asked.push(`${headers.host} ${headers["user-agent"]}`);
    response.writeHead(answer).end();
  });
  const { port } = await serveManifests(
    proxyWith(`    - ${WEB}
      healthCheckPolicy: { path: /healthy, ${more} }`),
    { web },
    {},
    "contour",
  );
  const { status, body } = await ask(port);
  expect(status).toBe(wanted);
  if (wanted === 503) expect(body).toContain("no healthy upstream");
  await ask(port);
  // Once an interval, whatever comes.
  expect(asked).toEqual(["contour-envoy-healthcheck Envoy/HC"]);
});

test("healthCheckPolicy leaves out the pods that are not healthy", async () => {
  const pod = (name: string, health: number) =>
    httpUpstream((request, response) => {
      if (request.url === "/healthy") response.writeHead(health).end();
      else response.end(name);
    });
  const pods = [await pod("sick", 500), await pod("well", 200)];
  let turn = 0;
  const { port } = await serveManifests(
    proxyWith(`    - ${WEB}
      healthCheckPolicy: { path: /healthy }`),
    {},
    {
      noEndpoints: () => undefined,
      resolve: (_backend, _protocol, { tried = [] } = {}) => {
        const inTurn = [pods[turn % 2] ?? 0, pods[(turn + 1) % 2] ?? 0];
        turn += 1;
        const found = inTurn.find((each) => !tried.includes(String(each))) ?? inTurn[0] ?? 0;
        const connection = { kind: "tcp", host: "127.0.0.1", port: found } as const;
        return {
          kind: "upstream",
          upstream: { name: String(found), protocol: "http", connection, basePath: "" },
        };
      },
    },
    "contour",
  );
  for (let many = 0; many < 4; many++) expect((await ask(port)).body).toBe("well");
});

const WEBSOCKET = "Connection: Upgrade\r\nUpgrade: websocket\r\n";

test.each([
  ["a WebSocket where it is not allowed", "/", WEBSOCKET, 403, ""],
  ["another protocol", "/", "Connection: upgrade\r\nUpgrade: foo\r\n", 403, ""],
  [
    "another protocol where WebSockets are allowed",
    "/ws",
    "Connection: upgrade\r\nUpgrade: foo\r\n",
    403,
    "",
  ],
  [
    "HTTP/2",
    "/",
    "Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n",
    200,
    "none",
  ],
  ["one that Connection does not name", "/", "Connection: close\r\nUpgrade: websocket\r\n", 200, "none"],
  // The pod goes on with HTTP/1.1.
  ["a WebSocket that the pod does not take", "/ws", WEBSOCKET, 200, ""],
])("an upgrade to %s", async (_, path, lines, wanted, seen) => {
  const web = await httpUpstream((request, response) => {
    const { upgrade, "http2-settings": settings } = request.headers;
    response.setHeader("Content-Type", "text/x").end(upgrade ?? settings ?? "none");
  });
  const { port } = await serveManifests(
    proxyWith(`    - ${WEB}
    - ${WEB}
      conditions: [{ prefix: /ws }]
      enableWebsockets: true`),
    { web },
    {},
    "contour",
  );
  const { text } = await exchangeRaw(port, `GET ${path} HTTP/1.1\r\nHost: app.test\r\n${lines}\r\n`);
  expect(statusOf(text)).toBe(wanted);
  if (wanted === 200) expect(bodyOf(text)).toBe(seen);
  if (seen === "") expect(text).not.toMatch(/^content-type: text\/x/im);
});
