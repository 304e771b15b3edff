import { readFileSync } from "node:fs";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { type ServedHere, serveHere } from "./serve-here.ts";

function ingress(name: string, annotations: Record<string, string>): string {
  const written = Object.entries(annotations).map(
    ([key, value]) => `nginx.ingress.kubernetes.io/${key}: ${JSON.stringify(value)}`,
  );
  return `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, annotations: { ${written.join(", ")} } }
spec:
  ingressClassName: nginx
  rules:
    - host: ${name}.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`;
}

const PASSWORD = ingress("web", { "auth-type": "basic", "auth-secret": "users" });
const CLIENT = ingress("client", { "auth-tls-secret": "default/clients" });
const PRIVATE = ingress("private", { "whitelist-source-range": "10.0.0.0/8,192.168.0.0/16" });

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

function get({ serving }: ServedHere, host: string, options: object = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { http, https } = serving.proxy.ports;
    const isHttps = "servername" in options;
    const send = isHttps ? requestHttps : requestHttp;
    const to = { host: "127.0.0.1", port: isHttps ? https : http, headers: { Host: host }, agent: false };
    send({ ...to, rejectUnauthorized: false, ...options }, (response) =>
      text(response).then((body) => resolve({ status: response.statusCode, body }), reject),
    )
      .on("error", reject)
      .end();
  });
}

const status = async (asked: Promise<Answer>) => (await asked).status;

test("auth-secret: only the user that is printed comes in", async () => {
  const running = await serveHere(PASSWORD);
  const [curl = ""] = running.fixes("made-up");
  const [, auth = "", url = ""] = /^curl -u (dev:[\w-]{12}) (\S+)$/.exec(curl) ?? [];
  expect(url).toBe(`http://web.test:${running.serving.proxy.ports.http}/`);
  expect(await status(get(running, "web.test"))).toBe(401);
  expect(await status(get(running, "web.test", { auth: "dev:dev" }))).toBe(401);
  expect(await status(get(running, "web.test", { auth: "dev:" }))).toBe(401);
  expect(await status(get(running, "web.test", { auth }))).toBe(200);
});

test("a name that no hosts file holds is printed with its address", async () => {
  const wild = await serveHere(PASSWORD.replace("web.test", '"*.web.test"'));
  const at = (running: ServedHere) => running.serving.proxy.ports.http;
  expect(wild.fixes("made-up")[0]).toMatch(
    new RegExp(
      `^curl -u \\S+ --resolve any\\.web\\.test:${at(wild)}:127\\.0\\.0\\.1 http://any\\.web\\.test:${at(wild)}/$`,
    ),
  );
  const alone = await serveHere(PASSWORD, { hosts: false });
  expect(alone.fixes("made-up")[0]).toContain(` --resolve web.test:${at(alone)}:127.0.0.1 http://web.test:`);
});

test("the password is another one in the next run", async () => {
  const [one, other] = [await serveHere(PASSWORD), await serveHere(PASSWORD)];
  const password = (running: ServedHere) => /dev:(\S+)/.exec(running.fixes("made-up")[0] ?? "")?.[1];
  expect(password(one)).not.toBe(password(other));
});

test("auth-secret with --exact: 503 for everybody, and nobody is made up", async () => {
  const running = await serveHere(PASSWORD, { exact: true });
  expect(await status(get(running, "web.test"))).toBe(503);
  expect(running.fixes("made-up")).toEqual([]);
});

test("auth-tls-secret: only the certificate that is printed comes in, also where the Ingress came later", async () => {
  const running = await serveHere(PASSWORD);
  await running.save(PASSWORD + CLIENT);
  const printed = () => running.fixes("made-up").find((fix) => fix.includes("--cert"));
  await expect.poll(printed, { timeout: 10_000 }).toContain("tls.crt");
  const [, path = ""] = /--cert (\S+)/.exec(printed() ?? "") ?? [];
  const [cert, key] = [readFileSync(path), readFileSync(join(dirname(path), "tls.key"))];
  const tls = { servername: "client.test" };
  expect((await get(running, "client.test", { ...tls, cert, key })).body).toContain(
    '"ssl-client-verify":"SUCCESS"',
  );
  const none = await get(running, "client.test", tls);
  expect([none.status, none.body]).toEqual([400, expect.stringContaining("No required SSL certificate")]);
});

test("what is saved while a stand-in is made is served, not what was saved before it", async () => {
  const running = await serveHere(PASSWORD);
  const saves = [running.save(PASSWORD + CLIENT)];
  // Longer in work than the certificate.
  const many = Array.from({ length: 4_000 }, (_, at) => ingress(`host-${at}`, {})).join("");
  saves.push(running.save(`${PASSWORD}${CLIENT}${many}`));
  await Promise.all(saves);
  expect(await status(get(running, "host-3999.test"))).toBe(200);
  const printed = () => running.fixes("made-up").find((fix) => fix.includes("--cert"));
  await expect.poll(printed, { timeout: 10_000 }).toContain("tls.crt");
  expect(await status(get(running, "host-3999.test"))).toBe(200);
});

test("--client-address: another client is let in, counted, and told to the backend", async () => {
  const here = await serveHere(PRIVATE);
  expect(here.fixes("client-excluded")).toEqual([
    "Ask as one that may come: --client-address 10.0.0.5, in up and in explain.",
  ]);
  expect(await status(get(here, "private.test"))).toBe(403);
  const there = await serveHere(PRIVATE, { clientAddress: "10.0.0.5" });
  expect(there.fixes("client-excluded")).toEqual([]);
  const { status: answered, body } = await get(there, "private.test");
  expect(answered).toBe(200);
  expect(JSON.parse(body).headers).toMatchObject({ "x-real-ip": "10.0.0.5", "x-forwarded-for": "10.0.0.5" });
});
