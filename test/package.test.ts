import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

/** Waits for a JSON event of this type; rejects with the output if the program ends before. */
async function event(child: ChildProcess, type: string): Promise<Record<string, never>> {
  const said: string[] = [];
  child.stderr?.on("data", (chunk) => said.push(String(chunk)));
  if (child.stdout === null) throw new Error("no standard output");
  for await (const line of createInterface({ input: child.stdout })) {
    const parsed = JSON.parse(line);
    if (parsed.type === type) return parsed;
  }
  throw new Error(`ended without the event ${type}:\n${said.join("")}`);
}

function get(
  port: number,
  host: string,
  path: string,
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({
      host: "127.0.0.1",
      port,
      path,
      headers: { host: `${host}:${port}` },
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

test("npx ingress-dev up serves the manifests of the folder it is started in", async () => {
  const child = npx("up", "-o", "json", "--http-port", "0", "--https-port", "0", "--no-hosts");
  const exited = once(child, "exit");
  const ready = (await event(child, "ready")) as unknown as { http: { port: number }; hosts: string[] };
  expect(ready.hosts).toContain("www.basic1.com");

  const answer = await get(ready.http.port, "www.basic1.com", "/path1");
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toMatchObject({ namespace: "default", service: "service1", path: "/" });
  expect((await get(ready.http.port, "nobody.test", "/")).status).toBe(404);

  if (child.pid) process.kill(-child.pid, "SIGTERM");
  await exited;
});

test("the package holds what its README speaks of, and no sources or tests", async () => {
  const installed = join(app, "node_modules", "ingress-dev");
  expect(readdirSync(installed).sort()).toEqual([
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "dist",
    "docs",
    "examples",
    "package.json",
  ]);
  expect(readdirSync(join(installed, "dist")).sort()).toEqual(["certs", "src", "ui"]);
});

test("npx ingress-dev --version is the package's version", async () => {
  const version = await run("npx", ["--no-install", "ingress-dev", "--version"], app);
  expect(version.trim()).toBe("0.1.0");
});
