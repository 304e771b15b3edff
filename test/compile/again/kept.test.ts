import { describe, expect, test } from "vitest";
import { type Compiled, compileInSteps } from "../../../src/compile/compile.ts";
import type { ControllerName } from "../../../src/compile/controllers.ts";
import { createMemory, type Memory } from "../../../src/compile/memory.ts";
import { snapshotOf } from "../../../src/manifest/snapshot.ts";
import type { Resource } from "../../../src/model/resource.ts";
import type { VirtualHost } from "../../../src/model/route/selection.ts";
import { namedHosts } from "../../../src/select/table.ts";
import { atOnce } from "../../../src/steps.ts";
import { parseManifest } from "../../support/parse-manifest.ts";
import { plainOf } from "./plain.ts";

const COUNT = 300;

const resource = (text: string): Resource => {
  const [found] = parseManifest(text, "a.yaml").resources;
  if (found === undefined) throw new Error(`no resource in ${text}`);
  return found;
};
const ingress = (at: number, path: string, more = "") =>
  resource(`apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: a${at}, annotations: { nginx.ingress.kubernetes.io/proxy-body-size: ${at}m${more} } }
spec:
  ingressClassName: nginx
  tls: [{ hosts: [h${at}.test], secretName: s${at % 7} }]
  rules: [{ host: h${at}.test, http: { paths: [{ path: ${path}, pathType: Prefix, backend: { service: { name: web${at % 50}, port: { number: 80 } } } }] } }]
`);
const service = (at: number, port: number) =>
  resource(`apiVersion: v1
kind: Service
metadata: { name: web${at} }
spec: { ports: [{ port: ${port} }] }
`);
const numbers = Array.from({ length: COUNT }, (_, at) => at);
const FIRST: readonly Resource[] = [
  ...numbers.map((at) => ingress(at, "/")),
  ...numbers.slice(0, 50).map((at) => service(at, 80)),
];

interface Saved {
  readonly compiled: Compiled;
  readonly hosts: ReadonlyMap<string, VirtualHost>;
  /** Answers that were made, and those that were looked at. */
  readonly made: number;
  readonly doubted: number;
}

/** Those whose hosts stand each for itself. Others have one list over all hosts, and are compiled as a whole. */
const BY_HOST: readonly ControllerName[] = ["ingress-nginx", "kubernetes"];

describe.each(BY_HOST)("with %s", (controller) => {
  function save(resources: readonly Resource[], memory: Memory): Saved {
    const { made, doubted } = memory;
    const { snapshot } = snapshotOf(resources);
    const options = { controller, classless: "served" } as const;
    const compiled = atOnce(compileInSteps(snapshot, options, memory));
    const counts = { made: memory.made - made, doubted: memory.doubted - doubted };
    return { compiled, hosts: namedHosts(compiled.table), ...counts };
  }
  const changedHosts = (before: Saved, after: Saved) =>
    [...after.hosts].filter(([name, host]) => before.hosts.get(name) !== host).map(([name]) => name);

  test.each<readonly [string, (all: readonly Resource[]) => readonly Resource[], readonly string[]]>([
    ["nothing", (all) => [...all], []],
    ["the path of one", (all) => all.with(7, ingress(7, "/b")), ["h7.test"]],
    ["an annotation of one", (all) => all.with(7, ingress(7, "/", "m")), ["h7.test"]],
    ["one more", (all) => [ingress(COUNT, "/"), ...all], [`h${COUNT}.test`]],
    ["one less", (all) => all.filter((_, at) => at !== 7), []],
    ["their order", (all) => [...all].reverse(), []],
    ["a Service of six", (all) => all.with(COUNT + 7, service(7, 8080)), []],
  ])("a change of %s makes anew only what it reaches", (_, change, hosts) => {
    const memory = createMemory();
    const first = save(FIRST, memory);
    expect(first.made).toBeGreaterThan(COUNT);
    const again = save(change(FIRST), memory);
    expect(changedHosts(first, again)).toEqual(hosts);
    // A few for each object that is changed, and for each Service that is now named in another order.
    expect(again.made).toBeLessThan(COUNT / 2);
    expect(again.hosts.size).toBeGreaterThanOrEqual(COUNT - 1);
  });

  test("what a save does not reach is not even looked at", () => {
    const memory = createMemory();
    const resources = FIRST.filter(({ kind }) => kind === "Ingress");
    save(resources, memory);
    const { doubted } = save(resources.with(7, ingress(7, "/b")), memory);
    // Names with a certificate are compared, of each host one. Everything is some 15 for each host.
    expect(doubted).toBeLessThan(2 * COUNT);
  });

  test("what everybody asks for reaches everything", () => {
    const config = (seconds: number) =>
      resource(`apiVersion: v1
kind: ConfigMap
metadata: { name: ingress-nginx-controller, namespace: ingress-nginx }
data: { proxy-read-timeout: "${seconds}" }
`);
    const memory = createMemory();
    save([...FIRST, config(7)], memory);
    const changed = [...FIRST, config(8)];
    const again = JSON.stringify(plainOf(save(changed, memory).compiled));
    expect(again === JSON.stringify(plainOf(save(changed, createMemory()).compiled))).toBe(true);
    expect(again.includes("8000")).toBe(controller === "ingress-nginx");
  });

  test("one Ingress with 5,000 paths is compiled in short steps", () => {
    const paths = Array.from(
      { length: 5_000 },
      (_, at) =>
        `{ path: /p${at}, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }`,
    );
    const one = resource(`apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: many }
spec: { ingressClassName: nginx, rules: [{ host: many.test, http: { paths: [${paths.join(", ")}] } }] }
`);
    const { snapshot } = snapshotOf([one]);
    const steps = compileInSteps(snapshot, { controller, classless: "served" }, createMemory());
    let count = 0;
    while (steps.next().done !== true) count += 1;
    // At most 100 paths in each, by all that look at paths one after the other.
    expect(count).toBeGreaterThan(controller === "ingress-nginx" ? 340 : 150);
  });

  test("answers that nobody asks for any more are forgotten", () => {
    const memory = createMemory();
    save(FIRST, memory);
    save([], memory);
    // All have to be made again.
    expect(save(FIRST, memory).made).toBeGreaterThan(COUNT);
  });
});
