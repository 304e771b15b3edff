import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { makeCertificates } from "../support/api-server/certificate.ts";
import type { KubeObject } from "../support/api-server/object.ts";
import { Kubectl, kubectlMinor } from "./kubectl.ts";
import { pattern, readSections } from "./sections.ts";
import { POD, started } from "./support.ts";

const minor = kubectlMinor();
const NOW = new Date("2026-01-10T00:00:00Z");
const sections = readSections(readFileSync(join(import.meta.dirname, "kubectl.md"), "utf8"));

const opened: Kubectl[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.remove();
});

/** A server and a kubectl that knows only it. */
async function both(options: Parameters<typeof started>[0] = {}) {
  const server = await started(options);
  const kubectl = new Kubectl(server);
  opened.push(kubectl);
  return { server, kubectl };
}

const whose = minor === undefined ? "no kubectl is here, so none is asked" : `kubectl 1.${minor} is asked`;

test(`${whose}: kubectl.md has sections`, () => expect(sections.length).toBeGreaterThan(5));

test.runIf(minor !== undefined).each(sections.filter((one) => (minor ?? 0) >= one.since))(
  "kubectl prints what kubectl.md says: $title",
  async (section) => {
    const { server, kubectl } = await both({ now: () => NOW });
    const { cert, key } = makeCertificates("dev", NOW).server;
    kubectl.write("tls.crt", cert);
    kubectl.write("tls.key", key);
    for (const [name, text] of section.files) kubectl.write(name, text);
    for (const document of parseAllDocuments(section.cluster)) server.apply(document.toJS() as KubeObject);
    for (const { line, output } of section.commands) {
      const printed = await kubectl.shell(line);
      if (!pattern(output).test(printed)) expect(`$ ${line}\n${printed}`).toBe(`$ ${line}\n${output}`);
    }
  },
);

/** Manifests with a real API server's answers to `kubectl apply`. */
const captured = join(import.meta.dirname, "../cases/apiserver");
const answers: Record<string, { outcome: string; messages: string[] }> = JSON.parse(
  readFileSync(join(captured, "expected.json"), "utf8"),
);

test.runIf((minor ?? 0) >= 27)("kubectl apply is answered as a real API server answered", async () => {
  const { server, kubectl } = await both();
  for (const [name, { outcome, messages }] of Object.entries(answers)) {
    kubectl.write(name, readFileSync(join(captured, name), "utf8"));
    server.remove("Ingress", "default", "bad");
    const printed = await kubectl.shell(`kubectl apply -f ${name}`);
    for (const message of messages) expect(printed).toContain(message);
    expect(printed, name).toMatch(outcome === "accepted" ? / created\n$/ : /\[exit 1\]\n$/);
  }
});

const HTTP = createServer((request, response) => {
  let size = 0;
  request.on("data", (bytes: Buffer) => {
    size += bytes.length;
  });
  request.on("end", () =>
    response.end(request.url === "/large" ? Buffer.alloc(5_000_000, "x") : `got ${size}`),
  );
});

/** Starts `kubectl port-forward`; resolves with its port. */
async function forwarded(kubectl: Kubectl, what: string) {
  const child = kubectl.start("port-forward", what, ":8080");
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (bytes) => {
      text += bytes;
    });
  }
  await expect.poll(() => text, { timeout: 20_000 }).toMatch(/127\.0\.0\.1:\d+ ->/);
  const port = Number(/127\.0\.0\.1:(\d+) ->/.exec(text)?.[1]);
  return { child, port, printed: () => text };
}

function fetched(port: number, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port, path, agent: false }, (response) => {
      let size = 0;
      response.on("data", (bytes: Buffer) => {
        size += bytes.length;
      });
      response.on("end", () => resolve(size));
    }).on("error", reject);
  });
}

test.runIf(minor !== undefined).each([
  ["through a WebSocket where it can", ["SPDY/3.1+portforward.k8s.io"]],
  ["over bare SPDY", ["v4.channel.k8s.io"]],
])("kubectl port-forward %s: several at once, large, and an error", async (_, portForwardProtocols) => {
  const { server, kubectl } = await both({ portForwardProtocols });
  HTTP.listen(0, "127.0.0.1");
  await once(HTTP, "listening");
  server.apply(POD);
  server.servePod("default", "web-1", 8080, {
    host: "127.0.0.1",
    port: (HTTP.address() as AddressInfo).port,
  });
  const forward = await forwarded(kubectl, "pod/web-1");
  const sizes = await Promise.all(
    ["/large", "/", "/large", "/large"].map((path) => fetched(forward.port, path)),
  );
  expect(sizes).toEqual([5_000_000, 5, 5_000_000, 5_000_000]);
  server.fault({ do: "error-text", text: "the pod has a headache" });
  await fetched(forward.port, "/").catch(() => {});
  await expect.poll(forward.printed, { timeout: 20_000 }).toContain("the pod has a headache");
  forward.child.kill();
  HTTP.closeAllConnections();
  HTTP.close();
});

const DEPLOYMENT: KubeObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "app" },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: "app" } },
    template: { metadata: { labels: { app: "app" } } },
  },
};
const AVAILABLE = {
  observedGeneration: 1,
  replicas: 1,
  updatedReplicas: 1,
  readyReplicas: 1,
  availableReplicas: 1,
  conditions: [{ type: "Available", status: "True" }],
};

test.runIf(minor !== undefined).each([true, false])(
  "kubectl waits: get -w, rollout status, wait (sendInitialEvents known: %s)",
  async (watchList) => {
    const { server, kubectl } = await both({ watchList });
    server.apply(POD);
    server.apply(DEPLOYMENT);
    const watched = kubectl.start("get", "pod", "-w", "-o", "name");
    let text = "";
    watched.stdout.on("data", (bytes) => {
      text += bytes;
    });
    const waiting = [
      kubectl.shell("kubectl rollout status deploy/app --timeout=30s"),
      kubectl.shell("kubectl wait --for=condition=Available deploy/app --timeout=30s"),
      kubectl.shell("kubectl wait --for=delete pod/web-1 --timeout=30s"),
    ];
    const watches = () => server.running.filter((request) => request.verb === "watch").length;
    await expect.poll(watches, { timeout: 20_000 }).toBe(4);
    server.apply({ ...DEPLOYMENT, status: AVAILABLE });
    server.remove("Pod", "default", "web-1");
    server.apply({ ...POD, metadata: { name: "web-2" } });
    const [rollout, wait, deleted] = await Promise.all(waiting);
    expect(rollout).toContain('deployment "app" successfully rolled out\n');
    expect(wait).toBe("deployment.apps/app condition met\n");
    expect(deleted).toBe("pod/web-1 condition met\n");
    await expect.poll(() => text, { timeout: 20_000 }).toBe("pod/web-1\npod/web-1\npod/web-2\n");
    watched.kill();
  },
);

test.runIf(minor !== undefined)(
  "kubectl with TLS, a client certificate, and without a permission",
  async () => {
    const { server, kubectl } = await both({ clientCertificate: true, deny: [{ resources: ["ingresses"] }] });
    server.apply(POD);
    expect(await kubectl.shell("kubectl get pods -o name")).toBe("pod/web-1\n");
    expect(await kubectl.shell("kubectl auth can-i list ingresses")).toBe("no\n[exit 1]\n");
    expect(await kubectl.shell("kubectl get ingress -A")).toBe(
      'Error from server (Forbidden): ingresses.networking.k8s.io is forbidden: User "dev" cannot list resource "ingresses" in API group "networking.k8s.io" at the cluster scope\n[exit 1]\n',
    );
  },
);

test.runIf(minor !== undefined)("kubectl without the right token is told so", async () => {
  const { server, kubectl } = await both({ token: "first" });
  server.acceptToken("second");
  expect(await kubectl.shell("kubectl get pods")).toContain("You must be logged in to the server");
});
