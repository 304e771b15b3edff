import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { UserError } from "../../src/errors.ts";
import type { ExecEntry } from "../../src/kube/entries.ts";
import { runExecPlugin } from "../../src/kube/exec-plugin.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ingress-dev-exec-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const V1 = "client.authentication.k8s.io/v1";
const cluster = { name: "c", server: "https://c.test:6443", verify: "verify" as const };

async function entry(script: string, more: Partial<ExecEntry> = {}): Promise<ExecEntry> {
  const command = join(folder, `plugin-${Math.random().toString(36).slice(2)}`);
  await writeFile(command, `#!/bin/sh\n${script}\n`);
  await chmod(command, 0o755);
  const rest = {
    args: [],
    env: [],
    installHint: "",
    clusterInfo: "withheld" as const,
    interactiveMode: "Never",
  };
  return { apiVersion: V1, command, ...rest, ...more };
}

const printed = (status: object, apiVersion = V1) =>
  `echo '${JSON.stringify({ apiVersion, kind: "ExecCredential", status })}'`;

function run(exec: ExecEntry, limitMs = 20_000, signal = new AbortController().signal) {
  return runExecPlugin(exec, cluster, { env: process.env, limitMs, signal });
}

async function failure(exec: ExecEntry, limitMs?: number): Promise<string> {
  const error = await run(exec, limitMs).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UserError)) throw new Error(`no UserError: ${String(error)}`);
  return `${error.message.replaceAll(exec.command, "PLUGIN")} | ${error.fix}`;
}

test("a token, a certificate, when they end", async () => {
  const status = { token: "t", clientCertificateData: "CERT", clientKeyData: "KEY" };
  const exec = await entry(printed({ ...status, expirationTimestamp: "2030-01-02T03:04:05Z" }));
  expect(await run(exec)).toEqual({
    token: "t",
    cert: "CERT",
    key: "KEY",
    expiresAt: Date.parse("2030-01-02T03:04:05Z"),
  });
});

test("it gets its arguments, its variables and KUBERNETES_EXEC_INFO, and a closed standard input", async () => {
  const seen = join(folder, "seen");
  const exec = await entry(
    `{ echo "$@"; echo "$REGION"; echo "$KUBERNETES_EXEC_INFO"; wc -c; } > ${seen}\n${printed({ token: "t" })}`,
    { args: ["get", "token"], env: [["REGION", "eu"]], clusterInfo: "provided" },
  );
  await run(exec);
  const [args, region, info, stdin] = (await readFile(seen, "utf8")).split("\n");
  expect([args, region, stdin?.trim()]).toEqual(["get token", "eu", "0"]);
  expect(JSON.parse(info ?? "")).toEqual({
    apiVersion: V1,
    kind: "ExecCredential",
    spec: { interactive: false, cluster: { server: "https://c.test:6443" } },
  });
});

const KUBECTL = "Install or repair the plugin until kubectl get ingress works";
test.each<[string, string, Partial<ExecEntry>, string]>([
  ["exits 1", "echo 'no session' >&2; exit 1", {}, `ended with status 1. It said: no session | ${KUBECTL}`],
  ["is killed", "kill -9 $$", {}, `was ended by SIGKILL. | ${KUBECTL}`],
  ["prints garbage", "echo hello", {}, `printed something that is not JSON. | ${KUBECTL}`],
  ["prints nothing", "true", {}, `printed something that is not JSON. | ${KUBECTL}`],
  ["prints another kind", `echo '{"kind":"Pod"}'`, {}, `printed no ExecCredential. | ${KUBECTL}`],
  [
    "prints another version",
    printed({ token: "t" }, "client.authentication.k8s.io/v1beta1"),
    {},
    `answers as client.authentication.k8s.io/v1beta1, and the kubeconfig says ${V1}. | ${KUBECTL}`,
  ],
  [
    "prints no token",
    printed({}),
    {},
    "printed an ExecCredential without a token and without a certificate.",
  ],
  ["prints 10 MB", "head -c 10000000 /dev/zero", {}, `printed more than 1 MiB. | ${KUBECTL}`],
  ["asks on the terminal", "exec < /dev/tty && read answer", {}, "ended with status"],
  [
    "must ask on the terminal",
    "true",
    { interactiveMode: "Always" },
    `wants to ask on a terminal, and here it has none. | ${KUBECTL}`,
  ],
  [
    "is missing",
    "",
    { command: "/nowhere/aws", installHint: "brew install awscli" },
    "is not installed. | brew install awscli",
  ],
])("a plugin that %s", async (_what, script, more, expected) => {
  const found = await failure(await entry(script, more));
  const start = "The credential plugin PLUGIN of the kubeconfig ";
  expect(found.slice(0, start.length + expected.length)).toBe(start + expected);
});

test("a plugin that hangs is ended with all that it started, after the limit", async () => {
  const pid = join(folder, "pid");
  const exec = await entry(`sleep 1000 & echo $! > ${pid}; echo waiting >&2; wait`);
  // Long enough for the shell to have started its sleep on a busy machine.
  const ended = failure(exec, 3_000);
  await vi.waitFor(async () => expect(await readFile(pid, "utf8")).toMatch(/\d/), { timeout: 20_000 });
  expect(await ended).toMatch(/did not end within 3 s\./);
  const child = Number(await readFile(pid, "utf8"));
  await vi.waitFor(() => expect(() => process.kill(child, 0)).toThrow("ESRCH"), { timeout: 20_000 });
});

test("a plugin that leaves something running with its output open is not waited for", async () => {
  const exec = await entry(`sleep 5 & ${printed({ token: "t" })}`);
  expect(await run(exec)).toMatchObject({ token: "t" });
});

test("the end of the connection ends the plugin", async () => {
  const ended = new AbortController();
  const running = run(await entry("sleep 1000"), 60_000, ended.signal);
  ended.abort(new Error("closed"));
  await expect(running).rejects.toThrow("closed");
});
