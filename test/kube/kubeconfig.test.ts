import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import { chooseContext, localityOf } from "../../src/kube/context.ts";
import { kubeConfigFiles, readKubeConfig } from "../../src/kube/kubeconfig.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ingress-dev-kubeconfig-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A kubeconfig with one name for all entries. */
const config = (name: string, server: string, current = name) => `
apiVersion: v1
kind: Config
current-context: ${current}
clusters: [{name: ${name}, cluster: {server: "${server}"}}]
users: [{name: ${name}, user: {token: of-${name}}}]
contexts: [{name: ${name}, context: {cluster: ${name}, user: ${name}, namespace: in-${name}}}]
`;

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

/** Server and token of a context, or the error. */
async function outcome(env: Record<string, string>, context?: string, named?: string): Promise<string> {
  try {
    const read = await readKubeConfig({ file: named, env });
    const chosen = chooseContext(read, context);
    return `${chosen.context.name} ${chosen.cluster.server} ${chosen.user?.token}`;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `${error.code}: ${error.message} | ${error.fix}`.replaceAll(`${folder}/`, "");
  }
}

test.each<[string, { file?: string; env: Record<string, string> }, readonly string[]]>([
  ["--kubeconfig alone", { file: "/a", env: { KUBECONFIG: "/b", HOME: "/h" } }, ["/a"]],
  [
    "KUBECONFIG, each once",
    { env: { KUBECONFIG: ["/a", "", "/b", "/a"].join(delimiter), HOME: "/h" } },
    ["/a", "/b"],
  ],
  ["an empty KUBECONFIG is none", { env: { KUBECONFIG: "", HOME: "/h" } }, ["/h/.kube/config"]],
])("which files: %s", (_what, place, files) => expect(kubeConfigFiles(place)).toEqual(files));

describe("merging, as kubectl does", () => {
  test("the first that names an entry has it; so has the first current-context; missing files are passed over", async () => {
    const a = await file("a", config("one", "https://first/"));
    const b = await file("b", `${config("one", "https://second", "two")}${""}`);
    const c = await file("c", config("two", "https://third"));
    const KUBECONFIG = [join(folder, "missing"), a, b, c].join(delimiter);
    expect(await outcome({ KUBECONFIG })).toBe("one https://first of-one");
    expect(await outcome({ KUBECONFIG }, "two")).toBe("two https://third of-two");
  });

  test("paths are taken from the file that holds them", async () => {
    const text = `
current-context: x
clusters: [{name: x, cluster: {server: https://x, certificate-authority: ca.crt}}]
users: [{name: x, user: {client-certificate: /abs/c.crt, client-key: keys/c.key, tokenFile: token, exec: {command: ./plugin}}}]
contexts: [{name: x, context: {cluster: x, user: x}}]`;
    const { cluster, user } = chooseContext(
      await readKubeConfig({ file: await file("p", text), env: {} }),
      undefined,
    );
    expect([cluster.caFile, user?.certFile, user?.keyFile, user?.tokenFile, user?.exec?.command]).toEqual([
      join(folder, "ca.crt"),
      "/abs/c.crt",
      join(folder, "keys/c.key"),
      join(folder, "token"),
      join(folder, "plugin"),
    ]);
  });
});

describe("what is wrong is said with the file", () => {
  test.each<[string, string, string | undefined, string]>([
    [
      "empty",
      "",
      undefined,
      "no-cluster: f names no current context. | Start the local cluster (minikube start)",
    ],
    ["no YAML", "a: [", undefined, "bad-kubeconfig: f:1: Flow sequence in block collection"],
    ["no map", "- a", undefined, "bad-kubeconfig: f:1: a kubeconfig is a map"],
    [
      "no such context",
      config("minikube", "https://x"),
      "minikub",
      'no-cluster: There is no context "minikub" in f. | Did you mean minikube? There are: minikube.',
    ],
    [
      "no current context",
      config("kind-a", "https://x", '""'),
      undefined,
      "no-cluster: f names no current context. | Name one with --context: kind-a.",
    ],
    [
      "a context without its cluster",
      "current-context: x\ncontexts: [{name: x, context: {cluster: gone, user: u}}]",
      undefined,
      'bad-kubeconfig: f: context "x" names the cluster "gone", which is not there.',
    ],
    [
      "a context without its user",
      config("x", "https://x").replace("user: x, n", "user: gone, n"),
      undefined,
      'bad-kubeconfig: f: context "x" names the user "gone", which is not there.',
    ],
    [
      "a server that is no URL",
      config("x", "tcp://1.2.3.4"),
      undefined,
      'bad-kubeconfig: f: the server of cluster "x" is not an http or https URL: "tcp://1.2.3.4".',
    ],
    [
      "an alias bomb",
      `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [${"*a,".repeat(10)}]\nc: &c [${"*b,".repeat(10)}]\nd: [${"*c,".repeat(10)}]`,
      undefined,
      "bad-kubeconfig: f: Excessive alias count",
    ],
  ])("%s", async (_what, text, context, expected) => {
    const path = await file("f", text);
    const found = await outcome({ KUBECONFIG: path }, context);
    expect(found.slice(0, expected.length)).toBe(expected);
  });

  test("no file at all: the one that was looked for is named", async () => {
    expect(await outcome({ HOME: folder })).toMatch(
      /^no-cluster: There is no kubeconfig: \.kube\/config does not exist\./,
    );
    expect(await outcome({}, undefined, join(folder, "nope"))).toMatch(
      /^bad-kubeconfig: nope: there is no such file\./,
    );
    expect(await outcome({ KUBECONFIG: folder })).toMatch(/^bad-kubeconfig: .* cannot be read: EISDIR\./);
  });
});

test.each([
  ["minikube", "local"],
  ["docker-desktop", "local"],
  ["rancher-desktop", "local"],
  ["orbstack", "local"],
  ["kind-shop", "local"],
  ["k3d-shop", "local"],
  ["colima", "local"],
  ["colima-work", "local"],
  ["kind-", "remote"],
  ["minikube-prod", "remote"],
  ["my-kind-cluster", "remote"],
  ["gke_shop_europe-west1_production", "remote"],
  ["arn:aws:eks:eu-central-1:1:cluster/kind-shop", "remote"],
])("the context %s is %s", (name, locality) => expect(localityOf(name)).toBe(locality));
