import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "../../../certs/store.ts";
import type { Finding } from "../../../src/cli/doctor/finding.ts";
import { type ApiServerOptions, startApiServer } from "../../support/api-server/api-server.ts";
import { runHere } from "../in-process.ts";

const EXAMPLES = join(import.meta.dirname, "..", "..", "..", "examples");

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-doctor-"));
  writeFileSync(join(folder, "hosts"), "127.0.0.1 localhost\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** `doctor` with hosts file, home and certificates in the folder of the test. */
function doctor(args: readonly string[], env: Record<string, string> = {}) {
  const own = ["--hosts-file", join(folder, "hosts"), "--certs-dir", join(folder, "certs")];
  const ports = ["--http-port", "0", "--https-port", "0"];
  return runHere(["doctor", ...args, ...own, ...ports], { cwd: folder, env: { HOME: folder, ...env } });
}

async function checks(args: readonly string[], env?: Record<string, string>): Promise<readonly Finding[]> {
  const { stdout } = await doctor([...args, "-o", "json"], env);
  return JSON.parse(stdout).checks;
}

const about = (findings: readonly Finding[], check: Finding["check"]) =>
  findings.filter((finding) => finding.check === check).map(({ state, message }) => `${state} ${message}`);

test("all is well: every check has a line, and the status is 0", async () => {
  const { code, stdout, stderr } = await doctor([join(EXAMPLES, "simple")]);
  expect([code, stderr]).toEqual([0, ""]);
  expect([...new Set(stdout.split("\n").map((line) => line.slice(9, 21).trim()))]).toEqual(
    expect.arrayContaining(["manifests", "cluster", "ports", "hosts-file", "certificates", "clock"]),
  );
});

test.each<[string, readonly string[], number, Finding["check"], RegExp]>([
  ["a folder without Ingresses", [join(EXAMPLES, "..", "test", "ui")], 1, "manifests", /^error No .*file/],
  ["manifests that are refused", [join(EXAMPLES, "trouble-shooting")], 1, "manifests", /^error .* 0 routes/],
  ["a path that is not there", ["no-such-folder"], 1, "manifests", /^error .*no-such-folder/],
])("%s", async (_, args, status, check, line) => {
  expect((await doctor(args)).code).toBe(status);
  expect(about(await checks(args), check)[0]).toMatch(line);
});

test("a certificate for clients is none that browsers have to trust", async () => {
  await openStore(join(folder, "certs")).ensure(
    { namespace: "default", secretName: "ca.client", hosts: [] },
    new Date(),
  );
  const findings = await checks([join(EXAMPLES, "simple")]);
  expect(about(findings, "certificates")).toEqual([
    `ok ${join(folder, "certs")} holds 1, each for up to a year.`,
  ]);
  expect(about(findings, "trust")).toEqual([]);
});

function kubeconfig(text: string): Record<string, string> {
  const file = join(folder, "kubeconfig");
  writeFileSync(file, text);
  return { KUBECONFIG: file };
}

test.each<[string, ApiServerOptions, string | undefined, Finding["check"], readonly (string | RegExp)[]]>([
  ["it answers", {}, undefined, "cluster", [/^ok minikube: http:\S+ answers, Kubernetes v1\.33\.0\.$/]],
  [
    "everything may be read",
    {},
    undefined,
    "permissions",
    [/^ok You may read ingresses, services, endpointslices, pods/],
  ],
  [
    "Secrets may not be listed",
    { deny: [{ verbs: ["list", "watch"], resources: ["secrets"] }] },
    undefined,
    "permissions",
    [
      /^ok /,
      /^warning You may not list secrets, watch secrets: the Secrets that Ingresses name are read one by one/,
    ],
  ],
  [
    "Ingresses may not be watched",
    { deny: [{ verbs: ["watch"], resources: ["ingresses"] }] },
    undefined,
    "permissions",
    [/^ok /, "error You may not watch ingresses: there is nothing to serve."],
  ],
  [
    "pods may not be forwarded to",
    { deny: [{ resources: ["pods/portforward"] }] },
    undefined,
    "permissions",
    [/^ok /, "error You may not get pods/portforward, create pods/portforward: no pod can be reached."],
  ],
  [
    "a remote context is not asked",
    {},
    "production",
    "cluster",
    [/^ok The current context, production, is not on this computer/],
  ],
])("cluster: %s", async (_, options, context, check, lines) => {
  const server = await startApiServer(options);
  try {
    const env = kubeconfig(server.kubeconfig(context === undefined ? {} : { context }));
    const said = about(await checks([join(EXAMPLES, "simple")], env), check);
    expect(said).toHaveLength(lines.length);
    for (const [index, line] of lines.entries()) expect(said[index]).toMatch(line);
    if (context === "production") expect(server.requests).toHaveLength(0);
  } finally {
    await server.close();
  }
});

test("cluster: --kubeconfig, --context and -n say which, and where", async () => {
  const server = await startApiServer({ deny: [{ resources: ["services"], namespace: "" }] });
  try {
    const { KUBECONFIG = "" } = kubeconfig(server.kubeconfig({ context: "production" }));
    const named = ["--kubeconfig", KUBECONFIG, "--context", "production", join(EXAMPLES, "simple")];
    expect(about(await checks(named), "cluster")[0]).toMatch(/^ok production: http:\S+ answers/);
    expect(about(await checks(named), "permissions")[1]).toMatch(
      /^error You may not list services, watch services/,
    );
    expect(about(await checks([...named, "-n", "shop"]), "permissions")[0]).toMatch(
      /^ok You may read ingresses, services/,
    );
  } finally {
    await server.close();
  }
});

test("cluster: nobody answers, a wrong token, a kubeconfig that is none", async () => {
  const server = await startApiServer({ token: "right" });
  const env = kubeconfig(server.kubeconfig({ user: { token: "wrong" } }));
  expect(about(await checks([], env), "cluster")[0]).toMatch(/^error minikube: http:\S+ answers 401\.$/);
  await server.close();
  expect(about(await checks([], env), "cluster")[0]).toMatch(
    /^error minikube: http:\S+ cannot be asked: .*ECONNREFUSED/,
  );
  expect(about(await checks([], kubeconfig("contexts: [")), "cluster")[0]).toMatch(/^error .*kubeconfig:1/);
});

test("the clock of the API server is compared with this one", async () => {
  const server = await startApiServer();
  const env = kubeconfig(server.kubeconfig());
  expect(about(await checks([join(EXAMPLES, "simple")], env), "clock")[0]).toMatch(
    /^ok .*nothing contradicts it/,
  );
  await server.close();
});
