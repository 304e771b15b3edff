import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ApiServer, startApiServer } from "../support/api-server/api-server.ts";
import type { KubeObject } from "../support/api-server/object.ts";
import { ingressFor, podOf, serviceOf } from "../support/cluster-objects.ts";
import { runHere } from "./in-process.ts";

let folder: string;
let server: ApiServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-cli-cluster-"));
  server = await startApiServer();
  writeFileSync(join(folder, "config"), server.kubeconfig({ namespace: "shop" }));
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Ingress, host, upstream and place, one line per route. */
async function routes(...args: readonly string[]): Promise<readonly string[]> {
  const line = ["routes", ...args, "--kubeconfig", join(folder, "config"), "-o", "json"];
  const { stdout } = await runHere(line, { cwd: folder, env: { HOME: folder } });
  const { routes: found } = JSON.parse(stdout) as { routes: Record<string, string | number | undefined>[] };
  return found
    .filter(({ ingress }) => ingress !== undefined)
    .map(({ ingress, host, upstream, file, line: at }) => {
      const place = String(file).replace(`${folder}/`, "");
      return `${ingress} ${host} → ${upstream} (${place}${at === undefined ? "" : `:${at}`})`;
    })
    .sort();
}

function save(namespace: string | undefined, host: string): string {
  const { metadata, ...rest } = ingressFor(host);
  const file = join(folder, "web.json");
  writeFileSync(file, JSON.stringify({ ...rest, metadata: { name: metadata.name, namespace } }));
  return file;
}

test("a cluster's routes have pods, and the context in the place of a file", async () => {
  for (const object of [...serviceOf("web", ["web-1"]), podOf("web", "web-1"), ingressFor("a.test")]) {
    server.apply(object);
  }
  expect(await routes()).toEqual(["default/web a.test → pod/web-1:8080 (minikube)"]);
  expect(await routes("-n", "other")).toEqual([]);
  expect(await routes("-n", "other", "-A"), "-A counts for more").toHaveLength(1);
});

describe("manifests over a cluster: where an object is that names no namespace", () => {
  test.each<[readonly string[], string, string]>([
    [[], "shop", "the context's, as with kubectl apply"],
    [["-n", "blog"], "blog", "the one that is named"],
    [["-n", "blog,shop"], "shop", "of several none is meant"],
    [["-n", "blog", "-A"], "shop", "nor with -A"],
  ])("%j: %s, %s", async (args, namespace) => {
    expect(await routes(save(undefined, "a.test"), ...args)).toEqual([
      `${namespace}/web a.test → <no endpoints> (web.json:1)`,
    ]);
  });

  test("a name of its own counts, and takes the place of the cluster's object with its age", async () => {
    server.apply({
      ...ingressFor("old.test"),
      metadata: { name: "web", namespace: "default", creationTimestamp: "2020-01-01T00:00:00Z" },
    });
    // The older one has the host: an update keeps the age of the cluster's object.
    server.apply({
      ...ingressFor("new.test", { name: "younger" }),
      metadata: { name: "younger", namespace: "default", creationTimestamp: "2021-01-01T00:00:00Z" },
    });
    expect(await routes(save("default", "new.test"))).toEqual([
      "default/web new.test → <no endpoints> (web.json:1)",
    ]);
  });
});

test("a file can name the cluster; check is about manifests all the same, and asks nobody", async () => {
  const manifests = save(undefined, "a.test");
  writeFileSync(join(folder, "ingress-dev.yaml"), `context: minikube\nmanifests: ${manifests}\n`);
  const { code } = await runHere(["check"], { cwd: folder, env: { HOME: folder } });
  expect([code, server.requests.length]).toEqual([0, 0]);
});

test("custom resources are shown as the controller of the cluster answers, by the flags that it runs with", async () => {
  const service = serviceOf("web", ["web-1"]);
  server.define({ apiVersion: "projectcontour.io/v1", kind: "HTTPProxy", plural: "httpproxies" });
  const proxy = (name: string, ingressClassName: string): KubeObject => ({
    apiVersion: "projectcontour.io/v1",
    kind: "HTTPProxy",
    metadata: { name, namespace: "default" },
    spec: {
      ingressClassName,
      virtualhost: { fqdn: `${name}.test` },
      routes: [{ services: [{ name: "web", port: 80 }] }],
    },
  });
  const containers = [
    {
      name: "contour",
      image: "ghcr.io/projectcontour/contour:v1.33.6",
      args: ["serve", "--ingress-class-name=blue"],
    },
  ];
  const deployment: KubeObject = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "contour", namespace: "projectcontour" },
    spec: { template: { metadata: { labels: { app: "contour" } }, spec: { containers } } },
  };
  const objects = [...service, podOf("web", "web-1"), proxy("a", "blue"), proxy("b", "green"), deployment];
  for (const object of objects) server.apply(object);
  expect(await routes("-n", "default")).toEqual(["default/a a.test → pod/web-1:8080 (minikube)"]);
});
