import { spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { issueCertificate } from "../../certs/issue.ts";
import { newRsaKeyPair } from "../../certs/keys.ts";
import { kubectlMinor } from "../api-server/kubectl.ts";
import { type ApiServer, startApiServer } from "../support/api-server/api-server.ts";
import { ingressFor, runPod, serviceOf } from "../support/cluster-objects.ts";
import { ask, createHome, type Home, runCommand, startUp, type Up } from "./up-process.ts";

const PATIENCE = { timeout: 40_000, interval: 50 };

let home: Home;
let server: ApiServer;
let kubeconfig: string;

beforeEach(async () => {
  home = createHome();
  rmSync(home.manifests, { recursive: true });
  server = await startApiServer();
  kubeconfig = join(home.folder, "kubeconfig");
  writeFileSync(kubeconfig, server.kubeconfig());
});
afterEach(async () => {
  await server.close();
  home.remove();
});

async function start(args: readonly string[], paths: readonly string[] = []): Promise<Up> {
  const env = { KUBECONFIG: kubeconfig };
  const up = await startUp(home, args, { paths, env });
  onTestFinished(async () => {
    if (up.child.exitCode === null && up.child.signalCode === null) await up.stop("SIGKILL");
  });
  return up;
}

const run = (...args: readonly string[]) => runCommand(args, home.folder, { KUBECONFIG: kubeconfig });

/** A Service `web` with one pod and an Ingress. */
async function deploy(host = "shop.test"): Promise<void> {
  await runPod(server, "web", "web-1");
  for (const object of [...serviceOf("web", ["web-1"]), ingressFor(host)]) server.apply(object);
}

function save(host: string, name = "web"): string {
  const file = join(home.folder, `${name}.json`);
  const { metadata, ...rest } = ingressFor(host, { name });
  writeFileSync(file, JSON.stringify({ ...rest, metadata: { name: metadata.name } }));
  return file;
}

const body = async (up: Up, url: string) => (await ask(up.httpPort, url)).body;

describe("which cluster", () => {
  test("a folder without manifests: the local cluster of the current context, from its real pods, for as long as it runs", async () => {
    await deploy();
    const up = await start([]);
    expect(up.ready.source).toBe("the current context: the cluster minikube (1 Ingress in all namespaces)");
    const state = await up.event(({ type }) => type === "cluster");
    expect(state).toEqual({ type: "cluster", context: "minikube", state: "connected", message: server.url });
    expect(await body(up, "http://shop.test/a?b")).toBe("web-1 /a?b");
    const hit = await up.event(({ type }) => type === "hit");
    expect(hit).toMatchObject({ upstream: "pod/web-1:8080", ingress: "default/web" });
    server.apply(ingressFor("blog.test", { name: "blog" }));
    await up.event(({ type, added }) => type === "reload" && JSON.stringify(added).includes("blog.test"));
    expect(await body(up, "http://blog.test/")).toBe("web-1 /");
    await vi.waitFor(() => expect(home.hosts()).toContain("blog.test"), PATIENCE);
    expect((await up.stop("SIGTERM")).code).toBe(143);
    await vi.waitFor(() => expect([server.connections, server.running]).toEqual([0, []]), PATIENCE);
  });

  test("one that is not local is read only when it is named, and a red line says so", async () => {
    await deploy();
    writeFileSync(kubeconfig, server.kubeconfig({ context: "gke_shop_production" }));
    const asked = server.requests.length;
    for (const args of [
      ["up", "--no-hosts"],
      ["routes", "-n", "default"],
      ["explain", "shop.test", "-A"],
    ]) {
      const { code, stdout, stderr } = await run(...args);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toContain("The current context, gke_shop_production, is not a local cluster.");
    }
    expect(server.requests.length).toBe(asked);
    const up = await start(["--context", "gke_shop_production"]);
    expect(up.ready.source).toBe("the cluster gke_shop_production (1 Ingress in all namespaces)");
    expect(await up.event(({ code }) => code === "remote-cluster")).toMatchObject({ level: "warning" });
    expect((await up.stop("SIGTERM")).stderr).toContain(
      `--context gke_shop_production: this is not a local cluster. Requests go to its real pods, through ${server.url}.`,
    );
  });

  test.each<[string, (folder: string) => string | undefined, RegExp]>([
    [
      "no kubeconfig",
      () => undefined,
      /error: No \*\.yaml, \*\.yml or \*\.json file in the current folder\. There is no kubeconfig: .* does not exist\.\n {2}Name a file or folder \(ingress-dev up PATH\), list it under manifests: in ingress-dev\.yaml, run the command in a folder with Ingress manifests, or read a cluster: --context NAME\./,
    ],
    ["a bad kubeconfig", () => "a: [", /in the current folder\. .*kubeconfig:1: Flow sequence .*\]\.\n/],
    ["a context without a cluster", () => "current-context: minikube", /There is no context "minikube" in /],
  ])("neither manifests nor a cluster: %s", async (_what, text, expected) => {
    const content = text(home.folder);
    rmSync(kubeconfig);
    if (content !== undefined) writeFileSync(kubeconfig, content);
    const { code, stdout, stderr } = await run("up", "--no-hosts");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(expected);
  });

  test("a local cluster that is not started: how to start it", async () => {
    await server.close();
    const { code, stderr } = await run("up", "--no-hosts");
    expect(code).toBe(2);
    expect(stderr).toMatch(/The API server of minikube \(.*\) cannot be read: connect ECONNREFUSED/);
    expect(stderr).toContain("Start it: minikube start");
  });

  test("manifests in the current folder go before a cluster that nobody named, whatever the kubeconfig says", async () => {
    save("disk.test");
    writeFileSync(kubeconfig, "a: [");
    const { code, stdout } = await run("routes");
    expect([code, stdout.includes("disk.test")]).toEqual([0, true]);
  });
});

describe("while it runs", () => {
  test("an API server that goes away: what was last read is served, and it is said", async () => {
    await deploy();
    const up = await start(["--context", "minikube"]);
    const lift = server.fault({ do: "down" });
    const lost = await up.event(({ type, state }) => type === "cluster" && state === "reconnecting");
    expect(lost.message).toMatch(/ECONNREFUSED|broke off|ECONNRESET|hang up/);
    // The route exists, but its pod is behind the stopped API server.
    expect((await ask(up.httpPort, "http://shop.test/")).status).toBe(502);
    expect((await ask(up.httpPort, "http://nobody.test/")).status).toBe(404);
    const since = up.events.length;
    lift();
    await up.event(({ type, state }) => type === "cluster" && state === "connected", since);
    expect(await body(up, "http://shop.test/")).toBe("web-1 /");
    expect(up.events.filter(({ type }) => type === "reload")).toEqual([]);
  });

  test("TLS Secrets are served by SNI and renewed live", async () => {
    const issued = async (commonName: string) => {
      const pair = { hosts: ["shop.test"], commonName, now: new Date(), keyPair: await newRsaKeyPair() };
      const { certPem, keyPem } = await issueCertificate(pair);
      const data = { "tls.crt": btoa(certPem), "tls.key": btoa(keyPem) };
      const metadata = { name: "shop-tls", namespace: "default" };
      return { apiVersion: "v1", kind: "Secret", metadata, type: "kubernetes.io/tls", data };
    };
    await deploy();
    server.apply(ingressFor("shop.test", { secret: "shop-tls" }));
    server.apply(await issued("first"));
    const up = await start(["--context", "minikube"]);
    const name = async () => (await ask(up.httpsPort, "https://shop.test/")).commonName;
    await vi.waitFor(async () => expect(await name()).toBe("first"), PATIENCE);
    expect((await ask(up.httpsPort, "https://shop.test/x")).body).toBe("web-1 /x");
    server.apply(await issued("second"));
    await vi.waitFor(async () => expect(await name()).toBe("second"), PATIENCE);
  });
});

describe("mixed", () => {
  test("manifests from disk over the cluster: a change shows before it is applied, the pods stay real", async () => {
    await deploy("old.test");
    server.apply(ingressFor("kept.test", { name: "kept" }));
    const file = save("new.test");
    const up = await start(["--context", "minikube"], [file]);
    expect(up.ready.source).toBe(
      `${file} (1 file, 1 Ingress) over the cluster minikube (2 Ingresses in all namespaces)`,
    );
    expect(up.ready.hosts).toEqual(["new.test", "kept.test"]);
    expect(await body(up, "http://new.test/")).toBe("web-1 /");
    expect((await ask(up.httpPort, "http://old.test/")).status).toBe(404);
    save("newer.test");
    await up.event(({ type, added }) => type === "reload" && JSON.stringify(added).includes("newer.test"));
    expect(await body(up, "http://newer.test/")).toBe("web-1 /");
    server.apply(ingressFor("third.test", { name: "third" }));
    await up.event(({ type, added }) => type === "reload" && JSON.stringify(added).includes("third.test"));
  });

  test("--map beats the cluster for its Service, the rest stays real", async () => {
    await deploy();
    await runPod(server, "other", "other-1");
    for (const object of serviceOf("other", ["other-1"])) server.apply(object);
    server.apply(ingressFor("other.test", { name: "other", service: "other" }));
    const up = await start(["--context", "minikube", "--map", "web=1"]);
    expect((await ask(up.httpPort, "http://shop.test/")).status).toBe(502);
    const hit = await up.event(({ type }) => type === "hit");
    expect(hit).toMatchObject({ upstream: "127.0.0.1:1" });
    expect(await body(up, "http://other.test/")).toBe("other-1 /");
  });
});

describe("commands that answer once", () => {
  test("explain and routes", async () => {
    await deploy();
    const explained = await run("explain", "http://shop.test/a", "--context", "minikube", "-o", "json");
    expect(JSON.parse(explained.stdout)).toMatchObject({
      decision: "forward",
      ingress: "default/web",
      upstream: "pod/web-1:8080",
    });
    const routes = await run("routes", "--kubeconfig", kubeconfig, "-n", "default,other");
    expect([routes.code, routes.stderr]).toEqual([0, ""]);
    expect(routes.stdout).toMatch(/shop\.test\s+\/ \s+web:80 \(pod\/web-1:8080\)/);
    await vi.waitFor(() => expect(server.connections).toBe(0), PATIENCE);
  });

  test.runIf(kubectlMinor() !== undefined)("certs secret NAME | kubectl apply -f -", async () => {
    server.apply(ingressFor("shop.test", { secret: "shop-tls" }));
    const { stdout } = await run("certs", "secret", "shop-tls", "--context", "minikube");
    expect(await kubectl(["apply", "-f", "-"], stdout)).toBe("secret/shop-tls created\n");
    const stored = server.get("Secret", "default", "shop-tls");
    expect(stored).toMatchObject({ type: "kubernetes.io/tls", data: { "tls.crt": expect.any(String) } });
    const again = await run("certs", "secret", "shop-tls", "--context", "minikube");
    expect(again.stdout, "now it is the one of the cluster").toBe(stdout);
  });
});

/** Runs the real kubectl against the server. */
function kubectl(args: readonly string[], input: string): Promise<string> {
  const program = process.env.KUBECTL ?? "kubectl";
  const child = spawn(program, [
    ...args,
    "--kubeconfig",
    kubeconfig,
    "--cache-dir",
    join(home.folder, "cache"),
  ]);
  child.stdin.end(input);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (part) => {
      said += String(part);
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve(said));
  });
}
