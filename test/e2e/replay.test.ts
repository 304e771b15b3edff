import { copyFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ask, createHome, type Home, runCommand, startUp, type Up } from "./up-process.ts";

const rule = (host: string, path: string, service: string) =>
  `    - host: ${host}\n      http: { paths: [{ path: ${path}, pathType: Prefix, backend: { service: { name: ${service}, port: { number: 80 } } } }] }\n`;

const ingress = (name: string, annotations: string, rules: string) =>
  `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, annotations: { ${annotations} } }
spec:
  ingressClassName: nginx
  rules:
${rules}`;

const NGINX = "nginx.ingress.kubernetes.io";

const MANIFESTS = [
  ingress("shop", "", rule("shop.test", "/cart", "cart") + rule("shop.test", "/", "web")),
  ingress(
    "canary",
    `${NGINX}/canary: "true", ${NGINX}/canary-weight: "50"`,
    rule("shop.test", "/cart", "canary"),
  ),
  ingress("moved", `${NGINX}/permanent-redirect: https://shop.test/new`, rule("moved.test", "/", "web")),
].join("---\n");

let home: Home;
let up: Up;

beforeEach(async () => {
  home = createHome("minimal");
  home.save("replay.yaml", MANIFESTS);
  up = await startUp(home, ["--record", "a.har", "--record-secrets"]);
});
afterEach(async () => {
  await up.stop("SIGKILL");
  home.remove();
});

function post(path: string, body: string): Promise<number | undefined> {
  const headers = {
    host: `shop.test:${up.httpPort}`,
    "content-type": "text/plain",
    "transfer-encoding": "chunked",
  };
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port: up.httpPort, path, method: "POST", headers };
    const sent = httpRequest(options, (response) =>
      response.resume().on("end", () => resolve(response.statusCode)),
    );
    sent.on("error", reject).end(body);
  });
}

const replay = (...more: string[]) => replayOf("b.har", ...more);

async function replayOf(recording: string, ...more: string[]) {
  const ports = ["--http-port", String(up.httpPort), "--https-port", String(up.httpsPort)];
  const said = await runCommand(
    ["replay", recording, "manifests", ...ports, "-o", "json", ...more],
    home.folder,
  );
  expect(said.stderr).toBe("");
  return { code: said.code, ...JSON.parse(said.stdout) };
}

describe("replay of a recording", () => {
  test("answers as recorded, sent and decided; after a change it says what differs, and why", async () => {
    const { httpPort, httpsPort } = up;
    for (let i = 0; i < 10; i++) await ask(httpPort, `http://shop.test/cart?n=${i}`);
    await ask(httpPort, "http://shop.test/other?ingress-dev-status=503");
    await ask(httpsPort, "https://shop.test/other");
    await ask(httpPort, "http://moved.test/x");
    await ask(httpPort, "http://nobody.test/");
    await post("/upload", "body");
    await up.event(({ type, path }) => type === "hit" && path === "/upload");
    const sent = { code: 0, mode: "sent", compared: 15, different: 0, differences: [], leftOut: [] };
    await expect
      .poll(async () => await replayOf("a.har", "--offline"))
      .toEqual({ ...sent, file: "a.har", mode: "decided" });
    // Replayed requests are recorded as well: the copy stays as it is.
    copyFileSync(join(home.folder, "a.har"), join(home.folder, "b.har"));
    expect(await replay()).toEqual({ ...sent, file: "b.har" });
    const uploads = () =>
      up.events.filter(({ type, path }) => type === "hit" && path === "/upload").map(({ status }) => status);
    await expect.poll(uploads).toEqual([200, 200]);

    const since = up.events.length;
    home.save("replay.yaml", MANIFESTS.replace("name: web, port", "name: shelf, port"));
    await up.event(({ type }) => type === "reload", since);
    const found = await replay();
    expect(found.code).toBe(1);
    const other = found.differences.find(({ request }: { request: { url: string } }) =>
      /upload/.test(request.url),
    );
    expect(other).toMatchObject({
      request: { method: "POST" },
      recorded: { status: 200, service: "default/web:80", path: "/upload" },
      now: {
        status: 200,
        service: "default/shelf:80",
        path: "/upload",
        why: expect.arrayContaining([expect.stringContaining("Ingress default/shop")]),
      },
    });
    expect(
      found.differences.map(({ request }: { request: { url: string } }) => new URL(request.url).pathname),
    ).not.toContain("/cart");
    const decided = await replay("--offline");
    expect(decided.code).toBe(1);
    expect(decided.different).toBe(found.different);
  });
});
