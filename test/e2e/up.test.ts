import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MAIN } from "../support/built.ts";
import { exchangeRaw, statusOf } from "../support/raw.ts";
import type { Home, Up } from "./up-process.ts";
import { ask, createHome, HOSTS_BEFORE, runCommand, startCommand, startUp } from "./up-process.ts";

let home: Home;
const running: Up[] = [];

beforeEach(() => {
  home = createHome();
});
afterEach(async () => {
  for (const up of running.splice(0)) {
    if (up.child.exitCode === null && up.child.signalCode === null) await up.stop("SIGKILL");
  }
  home.remove();
});

async function start(...args: readonly string[]): Promise<Up> {
  const up = await startUp(home, args);
  running.push(up);
  return up;
}

const BASIC = "ingress-basic.yaml";
const basic = () => readFileSync(join(home.manifests, BASIC), "utf8");

test("ready says where it listens, what it serves, and what to try", async () => {
  const { ready, events, httpPort, httpsPort } = await start();
  expect(events[0]).toBe(ready);
  expect(ready).toMatchObject({
    type: "ready",
    http: { address: "127.0.0.1" },
    controller: "ingress-nginx",
    source: `${home.manifests} (2 files, 2 Ingresses)`,
    hosts: ["www.basic1.com", "www.basic2.com", "www.basic-ssl.com"],
    urls: [
      `http://www.basic1.com:${httpPort}/path1`,
      `http://www.basic2.com:${httpPort}/`,
      `https://www.basic-ssl.com:${httpsPort}/`,
    ],
  });
  expect(ready.routes).toBe(4);
  expect(Number(ready.startMs)).toBeGreaterThan(0);
});

test("an upgrade that the echo service refuses is answered, and ends nothing", async () => {
  const up = await start();
  const upgrade =
    "GET /path1 HTTP/1.1\r\nHost: www.basic1.com\r\nConnection: upgrade\r\nUpgrade: foo\r\n\r\n";
  expect(statusOf((await exchangeRaw(up.httpPort, upgrade)).text)).toBe(426);
  expect((await ask(up.httpPort, "http://www.basic1.com/path1")).status).toBe(200);
  expect(up.events.filter(({ type }) => type === "problem")).toEqual([]);
});

test("requests by host name are answered, told of, and end where explain says", async () => {
  const up = await start();
  const first = await ask(up.httpPort, "http://www.basic1.com/path1");
  expect(JSON.parse(first.body)).toMatchObject({ service: "service1", path: "/" });
  expect((await ask(up.httpPort, "http://nobody.test/")).status).toBe(404);
  const redirect = await ask(up.httpPort, "http://www.basic-ssl.com/a");
  expect([redirect.status, redirect.headers.location]).toEqual([
    308,
    `https://www.basic-ssl.com:${up.httpsPort}/a`,
  ]);
  const secure = await ask(up.httpsPort, "https://www.basic-ssl.com/");
  expect([JSON.parse(secure.body).service, secure.commonName]).toEqual(["s1", "www.basic-ssl.com"]);
  const fake = await ask(up.httpsPort, "https://nobody.test/");
  expect([fake.status, fake.commonName]).toEqual([404, "Kubernetes Ingress Controller Fake Certificate"]);
  const hit = await up.event(({ type, path }) => type === "hit" && path === "/path1");
  expect(hit).toMatchObject({
    status: 200,
    decision: "forward",
    ingress: "default/basic",
    backend: { namespace: "default", service: "service1", port: 80 },
    upstream: "echo/service1-0",
    upstreamPath: "/",
  });
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
  ["SIGQUIT", 131],
] as const)("%s ends it with %i, and the hosts file is byte for byte as before", async (signal, code) => {
  const up = await start();
  expect(home.hosts()).toContain("127.0.0.1 www.basic1.com\n");
  expect(home.hosts().startsWith(HOSTS_BEFORE)).toBe(true);
  const { code: status, stderr } = await up.stop(signal);
  expect([status, stderr]).toEqual([code, ""]);
  expect(home.hosts()).toBe(HOSTS_BEFORE);
  expect(up.events.at(-1)).toEqual({ type: "stopped", reason: signal });
});

test("--no-hosts leaves the hosts file alone", async () => {
  const up = await start("--no-hosts");
  expect(home.hosts()).toBe(HOSTS_BEFORE);
  await up.stop("SIGTERM");
});

test("a saved file is served, and what came and went is told", async () => {
  const up = await start();
  const since = up.events.length;
  home.save(BASIC, basic().replace("/path2", "/path3").replace("www.basic2.com", "www.basic3.com"));
  const reload = await up.event(({ type }) => type === "reload", since);
  expect(reload).toMatchObject({
    routes: 4,
    added: ["default/basic www.basic1.com/path3 Prefix", "default/basic www.basic3.com/ Prefix"],
    removed: ["default/basic www.basic1.com/path2 Prefix", "default/basic www.basic2.com/ Prefix"],
  });
  expect((await ask(up.httpPort, "http://www.basic1.com/path3")).status).toBe(200);
  expect((await ask(up.httpPort, "http://www.basic1.com/path2")).status).toBe(404);
  await expect.poll(home.hosts).toContain("127.0.0.1 www.basic3.com\n");
  expect(home.hosts()).not.toContain("www.basic2.com");
});

test("its own output in the folder of manifests, under a manifest's name, is no manifest", async () => {
  const log = join(home.manifests, "log.json");
  const file = openSync(log, "w");
  const apart = [
    "--http-port",
    "0",
    "--https-port",
    "0",
    "--no-hosts",
    "--certs-dir",
    join(home.folder, "certs"),
  ];
  const child = spawn(process.execPath, [MAIN, "up", home.manifests, "-o", "json", ...apart], {
    stdio: ["ignore", file, "inherit"],
  });
  closeSync(file);
  const exited = once(child, "exit");
  try {
    const events = () =>
      readFileSync(log, "utf8")
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line));
    const types = () => events().map(({ type }) => type);
    await expect.poll(types).toContain("ready");
    const [ready] = events();
    expect(ready.source).toBe(`${home.manifests} (2 files, 2 Ingresses)`);
    await ask(ready.http.port, "http://www.basic1.com/path1");
    home.save(BASIC, basic().replace("/path2", "/path3"));
    await expect.poll(types).toContain("reload");
    expect(types().filter((type) => type === "hit" || type === "problem")).toEqual(["hit"]);
  } finally {
    child.kill("SIGTERM");
    await exited;
  }
});

test("a file that no longer parses keeps its last good content, says so, and says when it is well again", async () => {
  const up = await start();
  const good = basic();
  const since = up.events.length;
  home.save(BASIC, `${good}\n  - : : [`);
  const problem = await up.event(({ type }) => type === "problem", since);
  expect(problem).toMatchObject({ level: "error", file: join(home.manifests, BASIC) });
  expect((await ask(up.httpPort, "http://www.basic1.com/path1")).status).toBe(200);
  home.save(BASIC, good);
  const resolved = await up.event(({ resolved }) => resolved === true, since);
  expect(resolved).toEqual({ ...problem, resolved: true });
  // Nothing visible to requests has changed.
  expect(up.events.filter(({ type }) => type === "reload")).toEqual([]);
});

test("no request is lost by 50 reloads", async () => {
  const up = await start();
  const good = basic();
  let isOver = false;
  const statuses = new Map<number | undefined, number>();
  const client = async () => {
    while (!isOver) {
      const { status } = await ask(up.httpPort, "http://www.basic1.com/path1");
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  const clients = [client(), client(), client()];
  for (let round = 0; round < 50; round++) {
    const since = up.events.length;
    home.save(BASIC, good.replace("/path2", `/round-${round}`));
    await up.event(({ type }) => type === "reload", since);
  }
  isOver = true;
  await Promise.all(clients);
  expect([...statuses.keys()]).toEqual([200]);
  expect(statuses.get(200)).toBeGreaterThan(50);
});

test("a hosts file that cannot be written stops nothing: the lines and a curl that works without them are told", async () => {
  const missing = join(home.folder, "no", "folder", "hosts");
  const up = await start("--hosts-file", missing);
  const problem = await up.event(({ code }) => code === "hosts-not-writable");
  expect(problem.level).toBe("warning");
  expect(problem.message).toContain("\n127.0.0.1 www.basic1.com\n::1 www.basic1.com\n");
  expect(problem.fix).toContain(
    `curl --resolve www.basic1.com:${up.httpPort}:127.0.0.1 http://www.basic1.com:${up.httpPort}/`,
  );
  expect((await ask(up.httpPort, "http://www.basic1.com/path1")).status).toBe(200);
  const { code, stderr } = await up.stop("SIGTERM");
  expect([code, stderr]).toEqual([143, ""]);
});

test("two instances with one hosts file each own their lines", async () => {
  const first = await start();
  const other = createHome("app-root");
  const second = await startUp({ ...other, hostsFile: home.hostsFile });
  running.push(second);
  const own = String((second.ready.hosts as readonly string[])[0]);
  expect(home.hosts()).toContain(`127.0.0.1 ${own}\n`);
  await first.stop("SIGINT");
  expect(home.hosts()).toContain(`127.0.0.1 ${own}\n`);
  expect(home.hosts()).not.toContain("www.basic1.com");
  await second.stop("SIGINT");
  other.remove();
  expect(home.hosts()).toBe(HOSTS_BEFORE);
});

test("what a killed instance left in the hosts file goes with the next start", async () => {
  const killed = await start();
  await killed.stop("SIGKILL");
  expect(home.hosts()).toContain(`pid=${killed.child.pid}`);
  const next = await start();
  expect(home.hosts()).not.toContain(`pid=${killed.child.pid} `);
  await next.stop("SIGTERM");
  expect(home.hosts()).toBe(HOSTS_BEFORE);
});

test("an address that others reach is announced on standard error", async () => {
  const up = await start("--bind", "0.0.0.0");
  const problem = await up.event(({ code }) => code === "open-to-network");
  const { stderr } = await up.stop("SIGTERM");
  expect(stderr).toBe(`${problem.message}\n`);
});

test("a port in use ends it with 2 before the hosts file is touched", async () => {
  const holder = createServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  const { port } = holder.address() as AddressInfo;
  const args = ["up", home.manifests, "--http-port", String(port), "--https-port", "0"];
  const { code, stdout, stderr } = await runCommand([...args, "--hosts-file", home.hostsFile], home.folder);
  holder.close();
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(new RegExp(`^error: Port .*\\b${port}\\b.* taken by `));
  expect(stderr).toContain("--http-port");
  expect(home.hosts()).toBe(HOSTS_BEFORE);
});

test("a request under way is answered although it was asked to end", async () => {
  const up = await start();
  const slow = ask(up.httpPort, "http://www.basic1.com/path1?ingress-dev-delay=700");
  // A hit is reported at its end, so the other one proves that the proxy read on.
  await ask(up.httpPort, "http://www.basic1.com/path1");
  const end = up.stop("SIGTERM");
  expect((await slow).status).toBe(200);
  expect((await end).code).toBe(143);
});

test("hits that wait to be written with others are written before the end", async () => {
  const up = await start();
  for (const query of ["1", "2", "3"]) await ask(up.httpPort, `http://www.basic1.com/path1?${query}`);
  await up.stop("SIGTERM");
  expect(up.events.slice(-4).map(({ path, reason }) => path ?? reason)).toEqual([
    ...["/path1?1", "/path1?2", "/path1?3"],
    "SIGTERM",
  ]);
});

test("a second signal does not wait for it, and the hosts file is as before all the same", async () => {
  const up = await start();
  const slow = ask(up.httpPort, "http://www.basic1.com/path1?ingress-dev-delay=20000").catch(
    () => "broken off",
  );
  await ask(up.httpPort, "http://www.basic1.com/path1");
  up.child.kill("SIGINT");
  await expect.poll(home.hosts).toBe(HOSTS_BEFORE);
  expect((await up.stop("SIGINT")).code).toBe(130);
  expect(await slow).toBe("broken off");
});

test("a reader of the output that goes away ends it quietly", async () => {
  const up = await start();
  up.child.stdout?.destroy();
  await ask(up.httpPort, "http://www.basic1.com/path1");
  const { code, stderr } = await up.end;
  expect([code, stderr]).toEqual([0, ""]);
  expect(home.hosts()).toBe(HOSTS_BEFORE);
});

test("--map sends a Service's traffic to a program, and a map for nothing is told of", async () => {
  const program = createHttpServer((_, response) => response.end("mine")).listen(0, "127.0.0.1");
  await once(program, "listening");
  const { port } = program.address() as AddressInfo;
  const up = await start("--map", `service1=127.0.0.1:${port}`, "--map", "servce2=1");
  expect((await ask(up.httpPort, "http://www.basic1.com/path1")).body).toBe("mine");
  const problem = await up.event(({ code }) => code === "map-unused");
  expect(problem).toMatchObject({
    message: expect.stringContaining("servce2=1"),
    fix: "Did you mean service2?",
  });
  await up.stop("SIGTERM");
  program.closeAllConnections();
  program.close();
});

test("--no-echo answers 503 for a Service without a target", async () => {
  const up = await start("--no-echo");
  expect((await ask(up.httpPort, "http://www.basic1.com/path1")).status).toBe(503);
});

test("manifests by a pipe, and lines of text where the output is no terminal", async () => {
  const args = ["up", "-", "--http-port", "0", "--https-port", "0", "--hosts-file", home.hostsFile];
  const child = startCommand(args, home.folder);
  child.stdin?.end(basic());
  const [chunk] = await once(child.stdout ?? child, "data");
  expect(String(chunk).split("\n")[0]).toBe(
    "ingress-dev serves standard input (1 Ingress) as ingress-nginx would",
  );
  child.kill("SIGTERM");
  expect((await once(child, "exit"))[0]).toBe(143);
});

test("Ctrl-C while it waits for standard input ends it", async () => {
  const child = startCommand(["up", "-", "--no-hosts", "--http-port", "0", "--https-port", "0"], home.folder);
  // A pipe holds 64 KiB, so the write ends only when the program reads.
  await new Promise((done) => child.stdin?.write("# ".padEnd(1_000_000, "x"), done));
  child.kill("SIGINT");
  expect((await once(child, "exit"))[0]).toBe(130);
});
