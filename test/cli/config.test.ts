import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readConfig } from "../../src/cli/options/config.ts";
import { fileKeyOf, OPTION_KEYS, variableOf } from "../../src/cli/options.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-config-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(text: string | undefined): void {
  if (text !== undefined) writeFileSync(join(folder, "ingress-dev.yaml"), text);
}

async function failure(work: Promise<unknown>): Promise<{ code: string; message: string; fix: string }> {
  try {
    await work;
  } catch (error) {
    return error as { code: string; message: string; fix: string };
  }
  throw new Error("it did not fail");
}

test.each([
  // flags                     environment                                  file                      setting         value
  [{}, {}, undefined, "httpPort", 31000],
  [{}, {}, "httpPort: 8080", "httpPort", 8080],
  [{}, { INGRESS_DEV_HTTP_PORT: "8081" }, "httpPort: 8080", "httpPort", 8081],
  [{ httpPort: "8082" }, { INGRESS_DEV_HTTP_PORT: "8081" }, "httpPort: 8080", "httpPort", 8082],
  [{}, { INGRESS_DEV_HTTP_PORT: "" }, "httpPort: 8080", "httpPort", 8080],
  [{ httpPort: "0" }, {}, undefined, "httpPort", 0],
  [{ httpsPort: "8443" }, {}, undefined, "httpsPort", 8443],
  [{}, {}, "httpsPort: '8443'", "httpsPort", 8443],
  [{ bind: "0.0.0.0" }, {}, undefined, "bind", "0.0.0.0"],
  [{ bind: "localhost" }, {}, undefined, "bind", "127.0.0.1"],
  [{}, {}, "bind: '::1'", "bind", "::1"],
  [{ hosts: true }, {}, undefined, "noHosts", false],
  [{ hosts: false }, {}, undefined, "noHosts", true],
  [{ hosts: false }, { INGRESS_DEV_NO_HOSTS: "false" }, "noHosts: false", "noHosts", true],
  [{ hosts: true }, { INGRESS_DEV_NO_HOSTS: "1" }, undefined, "noHosts", true],
  [{}, { INGRESS_DEV_NO_HOSTS: "0" }, "noHosts: true", "noHosts", false],
  [{ echo: false }, {}, undefined, "noEcho", true],
  [{}, {}, "exact: true", "exact", true],
  [{}, {}, undefined, "ingressClass", undefined],
  [{ controllerClass: "k8s.io/internal" }, {}, undefined, "controllerClass", "k8s.io/internal"],
  [{ ingressClass: ["a", "b,c"] }, {}, "ingressClass: d", "ingressClass", ["a", "b", "c"]],
  [{}, { INGRESS_DEV_INGRESS_CLASS: "a, b" }, undefined, "ingressClass", ["a", "b"]],
  [{}, {}, "ingressClass: [a, b]", "ingressClass", ["a", "b"]],
  [{}, {}, "manifests: [k8s, more.yaml]", "filename", ["k8s", "more.yaml"]],
  [{}, {}, "manifests: k8s", "filename", ["k8s"]],
  [{}, { INGRESS_DEV_FILENAME: "a,b" }, "manifests: k8s", "filename", ["a", "b"]],
  [{ filename: ["x,y"] }, { INGRESS_DEV_FILENAME: "a" }, undefined, "filename", ["x,y"]],
  [{}, {}, "controller: kubernetes", "controller", "kubernetes"],
  [{ output: "json" }, { INGRESS_DEV_OUTPUT: "tui" }, undefined, "output", "json"],
  [{}, {}, "# nothing but a comment\n", "output", undefined],
  [{}, {}, "httpPort:\n", "httpPort", 31000],
] as const)("%j, %j and %j make %s", async (flags, env, file, setting, value) => {
  write(file);
  const { settings } = await readConfig(flags, env, folder);
  expect(settings[setting]).toEqual(value);
});

test("maps of flag, variable and file add up, the flag's first", async () => {
  write("services:\n  web: 3000\n  shop/api:80: http://127.0.0.1:4000\n");
  const { settings } = await readConfig({ map: ["a=1"] }, { INGRESS_DEV_MAP: "b=2,c=3" }, folder);
  expect(settings.map.map(({ text }) => text)).toEqual([
    "a=1",
    "b=2",
    "c=3",
    "web=3000",
    "shop/api:80=http://127.0.0.1:4000",
  ]);
  expect(settings.map.map(({ place }) => place)).toEqual([
    "--map",
    "INGRESS_DEV_MAP",
    "INGRESS_DEV_MAP",
    "ingress-dev.yaml:1 services",
    "ingress-dev.yaml:1 services",
  ]);
});

test.each([
  // flags             environment                             file                     what the message says
  [{ httpPort: "abc" }, {}, undefined, '--http-port: "abc" is not a port'],
  [{ httpPort: "65536" }, {}, undefined, '--http-port: "65536" is not a port'],
  [{ httpPort: "-1" }, {}, undefined, '--http-port: "-1" is not a port'],
  [{}, { INGRESS_DEV_HTTPS_PORT: "8o80" }, undefined, 'INGRESS_DEV_HTTPS_PORT: "8o80" is not a port'],
  [{}, {}, "bind: 127.0.0.1\nhttpPort: high", 'ingress-dev.yaml:2 httpPort: "high" is not a port'],
  [{}, {}, "httpPort: 1.5", "ingress-dev.yaml:1 httpPort: 1.5 is not a port"],
  [{}, { INGRESS_DEV_NO_ECHO: "maybe" }, undefined, 'INGRESS_DEV_NO_ECHO: "maybe" is not true or false'],
  [{ bind: "everywhere" }, {}, undefined, '--bind: "everywhere" is not an IP address'],
  [{ controller: "ingres-nginx" }, {}, undefined, "(did you mean ingress-nginx?)"],
  [{}, {}, "controller: nginx", "is not one of ingress-nginx, kubernetes"],
  [{}, {}, "ingressClass: []", "ingress-dev.yaml:1 ingressClass: [] is not a list of names"],
  [{}, {}, "\nhttpprt: 1", "ingress-dev.yaml:2 httpprt: there is no such key"],
  [{}, {}, "a: [", "ingress-dev.yaml:1: "],
  [{}, {}, "- a\n- b", "ingress-dev.yaml:1: a map of options is expected"],
  [{}, {}, "httpPort: 1\nhttpPort: 2", "ingress-dev.yaml:2: Map keys must be unique"],
] as const)("%j, %j and %j are refused with the place", async (flags, env, file, message) => {
  write(file);
  expect((await failure(readConfig(flags, env, folder))).message).toContain(message);
});

test.each([
  ["httpprt: 1", "Did you mean httpPort?"],
  ["http-port: 1", "Did you mean httpPort?"],
  ["hosts: false", "Did you mean noHosts?"],
  ["filename: x", "Known keys: manifests, httpPort,"],
])("the unknown key of %j leads to: %s", async (file, fix) => {
  write(file);
  expect((await failure(readConfig({}, {}, folder))).fix).toContain(fix);
});

test("a variable that is none of ours is not ignored in silence", async () => {
  const { warnings } = await readConfig(
    {},
    { INGRESS_DEV_HTTPPORT: "1", INGRESS_DEV_X: "", HOME: "/" },
    folder,
  );
  expect(warnings).toEqual([
    "INGRESS_DEV_HTTPPORT is no variable of ingress-dev. Did you mean INGRESS_DEV_HTTP_PORT?",
    "INGRESS_DEV_X is no variable of ingress-dev.",
  ]);
});

test("every option has a variable and a key of its own", () => {
  expect(new Set(OPTION_KEYS.map(variableOf)).size).toBe(OPTION_KEYS.length);
  expect(new Set(OPTION_KEYS.map(fileKeyOf)).size).toBe(OPTION_KEYS.length);
  expect(variableOf("noHosts")).toBe("INGRESS_DEV_NO_HOSTS");
  expect(fileKeyOf("map")).toBe("services");
});

test.each([
  ["nesting without end", `manifests: ${"[".repeat(20_000)}`],
  [
    "aliases of aliases",
    `manifests:\n${Array.from({ length: 9 }, (_, at) => `- &a${at} [${(at === 0 ? "x" : `*a${at - 1}`).concat(",").repeat(9)}]\n`).join("")}`,
  ],
  ["an alias of nothing", "manifests: *a"],
  ["more than a megabyte", `manifests: ${"x".repeat(2_000_000)}`],
])("a file with %s is an error of the file", async (_what, text) => {
  write(text);
  expect((await failure(readConfig({}, {}, folder))).code).toBe("bad-config");
});
