import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const execute = promisify(execFile);

/** Runs a command to its end; rejects with its output on failure. */
async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    return (await execute(command, args, { cwd })).stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}`);
  }
}

const root = join(import.meta.dirname, "..");
const started: ChildProcess[] = [];
let folder = "";
/** A user's folder: manifests, and the package installed from its tarball. */
let app = "";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-package-"));
  app = join(folder, "app");
  cpSync(join(root, "examples", "quick-start"), app, { recursive: true });
  await run("npm", ["pack", "--pack-destination", folder], root);
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  // `engines` of the package holds for all that it brings.
  const quiet = ["--engine-strict", "--prefer-offline", "--no-audit", "--no-fund", "--no-update-notifier"];
  await run("npm", ["install", "--prefix", app, ...quiet, join(folder, tarball ?? "")], folder);
}, 300_000);

afterAll(async () => {
  for (const child of started) {
    if (child.exitCode !== null || child.signalCode !== null || !child.pid) continue;
    const exited = once(child, "exit");
    process.kill(-child.pid, "SIGKILL");
    await exited;
  }
  // npx's child, the program, may write its last file a moment after npx has ended.
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

function installed(): string {
  return join(app, "node_modules", "ingress-dev");
}

function bin(): string {
  return join(installed(), "dist/main.js");
}

function npx(...args: string[]): ChildProcess {
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: join(folder, "data") };
  // Its own process group: npx runs the program as a child, and a terminal signals both.
  const child = spawn("npx", ["--no-install", "ingress-dev", ...args], {
    cwd: app,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  return child;
}

/** Waits for the next JSON event of a type; rejects with the output if the program ends before. */
function eventsOf(child: ChildProcess): (type: string) => Promise<Record<string, never>> {
  const said: string[] = [];
  child.stderr?.on("data", (chunk) => said.push(String(chunk)));
  if (child.stdout === null) throw new Error("no standard output");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (type) => {
    for (;;) {
      const { done, value } = await lines.next();
      if (done) throw new Error(`ended without the event ${type}:\n${said.join("")}`);
      const parsed = JSON.parse(value);
      if (parsed.type === type) return parsed;
    }
  };
}

function get(
  port: number,
  host: string,
  path: string,
  authorization = "",
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({
      host: "127.0.0.1",
      port,
      path,
      headers: { host: `${host}:${port}`, ...(authorization === "" ? {} : { authorization }) },
      agent: false,
    });
    sent.on("response", async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString("utf8") });
    });
    sent.on("error", reject);
    sent.end();
  });
}

/** What only threads of their own read: YAML that is not plain, and a bcrypt hash (of `secret`). */
const SECURED = `
apiVersion: v1
kind: Secret
metadata: { name: users }
stringData: { auth: "dev:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a" }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: secured
  annotations:
    nginx.ingress.kubernetes.io/auth-type: basic
    nginx.ingress.kubernetes.io/auth-secret: users
spec:
  ingressClassName: nginx
  rules:
    - host: secured.test
      http:
        paths:
          - { path: /a, pathType: Prefix, backend: &web { service: { name: web, port: { number: 80 } } } }
          - { path: /, pathType: Prefix, backend: *web }
`;

test("npx ingress-dev up serves the manifests of the folder it is started in", async () => {
  const child = npx("up", "-o", "json", "--http-port", "0", "--https-port", "0", "--no-hosts");
  const exited = once(child, "exit");
  const event = eventsOf(child);
  const ready = (await event("ready")) as unknown as { http: { port: number }; hosts: string[] };
  expect(ready.hosts).toContain("www.basic1.com");

  const answer = await get(ready.http.port, "www.basic1.com", "/path1");
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toMatchObject({ namespace: "default", service: "service1", path: "/" });
  expect((await get(ready.http.port, "nobody.test", "/")).status).toBe(404);

  writeFileSync(join(folder, "secured.yaml"), SECURED);
  renameSync(join(folder, "secured.yaml"), join(app, "secured.yaml"));
  expect(await event("reload")).toMatchObject({ added: expect.any(Array) });
  const basic = (password: string) => `Basic ${Buffer.from(`dev:${password}`).toString("base64")}`;
  const asked = ["", basic("wrong"), basic("secret")].map((words) =>
    get(ready.http.port, "secured.test", "/", words),
  );
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([401, 401, 200]);
  rmSync(join(app, "secured.yaml"));

  if (child.pid) process.kill(-child.pid, "SIGTERM");
  await exited;
});

test.each([
  ["check", "-o", "json"],
  ["explain", "www.basic1.com/path1"],
  ["routes"],
])("npx ingress-dev %s answers as the sources do", async (...args) => {
  const env = { ...process.env, NO_COLOR: "1" };
  const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
  const { stdout } = await execute(process.execPath, [tsx, join(root, "src/main.ts"), ...args], {
    cwd: app,
    env,
  });
  expect(stdout).not.toBe("");
  expect((await execute("npx", ["--no-install", "ingress-dev", ...args], { cwd: app, env })).stdout).toBe(
    stdout,
  );
});

test("the package holds what its README speaks of, and no sources or tests", async () => {
  expect(readdirSync(installed()).sort()).toEqual([
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "dist",
    "docs",
    "examples",
    "package.json",
    "schema",
  ]);
  const built = readdirSync(join(installed(), "dist")).filter((name) => !/-[0-9a-f]{8}\.js$/.test(name));
  expect(built.filter((name) => !name.endsWith(".map")).sort()).toEqual([
    "LICENCES.txt",
    "bcrypt-worker.js",
    "main.js",
    "yaml-worker.js",
  ]);
});

test("each package that is bundled stands in LICENCES.txt with the text of its licence", () => {
  const dist = join(installed(), "dist");
  const maps = readdirSync(dist).filter((name) => name.endsWith(".map"));
  const sources = maps.flatMap(
    (name): string[] => JSON.parse(readFileSync(join(dist, name), "utf8")).sources,
  );
  const folders = new Map(
    sources.flatMap((source) => {
      // Paths are relative to the folder that was packed.
      const [folder, name] = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source) ?? [];
      return folder === undefined || name === undefined ? [] : [[name, resolve(root, "dist", folder)]];
    }),
  );
  expect([...folders.keys()]).toEqual(expect.arrayContaining(["fastify", "hostile", "ink", "node-forge"]));

  const [, ...parts] = readFileSync(join(dist, "LICENCES.txt"), "utf8").split(/\n\n\n(?=.* \(.*\)\n-+\n)/);
  const texts = new Map(parts.map((part) => [/^(\S+) /.exec(part)?.[1] ?? "", part]));
  expect([...texts.keys()].sort()).toEqual([...folders.keys()].sort());
  for (const [name, folder] of folders) {
    const files = readdirSync(folder).filter((file) => /^(?:un)?licen[sc]e|^copying/i.test(file));
    for (const file of files)
      expect(texts.get(name)).toContain(readFileSync(join(folder, file), "utf8").trim());
    expect(texts.get(name)).toMatch(/permission|redistribution|copies/i);
  }
});

test("a fault of ours is told with the places in the sources", async () => {
  const broken = "String.prototype.replaceAll = () => { throw new TypeError('broken'); }";
  const args = [`--import=data:text/javascript,${encodeURIComponent(broken)}`, bin(), "routes"];
  const failed = await execute(process.execPath, args, { cwd: app }).catch((error: unknown) => error);
  const { stderr } = failed as { readonly stderr: string };
  expect(stderr).toContain("TypeError: broken");
  const [, file = "", line = ""] = /\((src\/\S+\.ts):(\d+):\d+\)/.exec(stderr) ?? [];
  const source = readFileSync(join(root, file), "utf8").split("\n");
  expect(source[Number(line) - 1]).toContain("replaceAll(");
  expect(stderr).not.toMatch(/\.js:\d/);
});

test("it takes at most 20 MB on the disk", () => {
  const modules = join(app, "node_modules");
  const names = readdirSync(modules, { recursive: true, encoding: "utf8" });
  const bytes = names.reduce((sum, name) => sum + lstatSync(join(modules, name)).blocks * 512, 0);
  expect(bytes / 1e6).toBeLessThan(20);
});

test("npx ingress-dev --version is the package's version", async () => {
  const version = await run("npx", ["--no-install", "ingress-dev", "--version"], app);
  expect(version.trim()).toBe("0.1.0");
});
