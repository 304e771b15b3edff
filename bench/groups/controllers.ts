import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../src/compile/compile.ts";
import { CONTROLLERS, type ControllerName, DEFAULT_CONTROLLER } from "../../src/compile/controllers.ts";
import { snapshotOf } from "../../src/manifest/snapshot.ts";
import { match } from "../../src/match/match.ts";
import { parseManifest } from "../../test/support/parse-manifest.ts";
import { type BenchOptions, inScratch, stopAll } from "../bench.ts";
import { startOurs } from "../beside/ours.ts";
import type { Program } from "../beside/program.ts";
import { bestInTurns } from "../beside/rounds.ts";
import { startLoader } from "../load/load.ts";
import { ONE_HOST } from "../manifests.ts";
import { startBackend } from "./contestants.ts";

/** A host with its paths, as the controller's users write them: an Ingress of its class, or an HTTPRoute. */
interface Shop {
  readonly host: string;
  readonly name: string;
  readonly paths: readonly string[];
}

const [CONNECTIONS, REQUESTS] = [32, 8_000];
const OBJECTS = 10_000;
const [PATHS, RULES] = [10, 100_000];

/** Each controller beside the default: a request, the time to `ready` with many objects, and a search among many rules. */
export async function benchControllers(options: BenchOptions): Promise<void> {
  await requests(options);
  await ready(options);
  searches(options);
}

async function requests({ rounds, size, report }: BenchOptions): Promise<void> {
  await inScratch(async (folder) => {
    const backend = await startBackend("loading");
    const loader = startLoader();
    const running: Program[] = [];
    try {
      for (const { name } of CONTROLLERS) {
        const own = writeShops(folder, name, [{ host: ONE_HOST, name: "basic", paths: ["/"] }]);
        const args = [own, "--controller", name, "--map", `web=${backend.port}`];
        running.push({ ...(await startOurs({ args, folder: own, core: "measured" })), name });
      }
      const count = Math.max(CONNECTIONS, Math.round(REQUESTS * size));
      const cost = async (program: Program, asked: number) => {
        const before = program.cpu();
        const load = { kind: "http", port: program.ports.http, hosts: [ONE_HOST] } as const;
        await loader.run({ ...load, connections: CONNECTIONS, requests: asked }).catch((error: unknown) => {
          throw new Error(`${program.name}: ${String(error)}`);
        });
        return (program.cpu() - before) / asked;
      };
      for (const each of running) await cost(each, Math.ceil(count / 4));
      const best = await bestInTurns(running, rounds, (each) => cost(each, count));
      const figures = new Map([...best].map(([{ name }, us]) => [name, us]));
      reportEach("a small request", figures, { unit: "µs", report });
    } finally {
      loader.stop();
      await stopAll(running);
      backend.stop();
    }
  });
}

async function ready({ size, report }: BenchOptions): Promise<void> {
  const shops = shopsOf(Math.max(1, Math.round(OBJECTS * size)), 2);
  const figures = new Map<string, number>();
  for (const { name } of CONTROLLERS)
    await inScratch(async (folder) => {
      const args = [writeShops(folder, name, shops), "--controller", name, "--no-hosts"];
      const program = await startOurs({ args, folder, core: "any" });
      try {
        const event = program.events().find((each) => each.startsWith('{"type":"ready"')) ?? "{}";
        figures.set(name, Number(JSON.parse(event).startMs));
      } finally {
        await program.stop();
      }
    });
  reportEach(`ready with ${shops.length} objects`, figures, { unit: "ms", report });
}

/** Processor time of `match` for the rules of one host, among all and alone. */
function searches({ size, report }: BenchOptions): void {
  const many = shopsOf(Math.max(1, Math.round((RULES / PATHS) * size)), PATHS);
  const [one] = many;
  if (one === undefined) return;
  for (const { name } of CONTROLLERS) {
    const [among, alone] = [nanoseconds(name, many), nanoseconds(name, [one])];
    report({
      what: `a match among ${many.length * PATHS} rules, ${name}`,
      figures: { "among all": among, "one host alone": alone },
      ...{ unit: "ns", ratio: among / alone, of: "one host alone" },
    });
  }
}

/** Best of several rounds. unit: ns */
function nanoseconds(controller: ControllerName, shops: readonly Shop[]): number {
  const { resources } = parseManifest(manifestOf(controller, shops), "shops.yaml");
  const { table } = compile(snapshotOf(resources).snapshot, { controller, classless: "served" });
  const [{ host, paths } = { host: "", paths: [] }] = shops;
  const asked = paths.map((path) => ({
    ...{ scheme: "http" as const, method: "GET", host: `${host}:31000`, target: `${path}/users` },
    ...{ ports: { http: 31_000, https: 32_000 }, exact: false, header: () => undefined },
    ...{ remoteAddress: "127.0.0.1", chance: 0.5, noEndpoints: () => undefined },
  }));
  const times = Math.ceil(20_000 / asked.length);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const started = process.cpuUsage();
    for (let turn = 0; turn < times; turn++) for (const request of asked) match(table, request);
    const { user, system } = process.cpuUsage(started);
    best = Math.min(best, ((user + system) * 1000) / (times * asked.length));
  }
  return best;
}

function reportEach(
  what: string,
  figures: ReadonlyMap<string, number>,
  { unit, report }: Pick<BenchOptions, "report"> & { readonly unit: string },
): void {
  const beside = figures.get(DEFAULT_CONTROLLER) ?? Number.NaN;
  for (const [name, figure] of figures) {
    if (name === DEFAULT_CONTROLLER) continue;
    const both = { [name]: figure, [DEFAULT_CONTROLLER]: beside };
    report({
      what: `${what}, ${name}`,
      figures: both,
      unit,
      ratio: figure / beside,
      of: DEFAULT_CONTROLLER,
    });
  }
}

function shopsOf(count: number, paths: number): readonly Shop[] {
  return Array.from({ length: count }, (_, at) => ({
    ...{ host: `shop-${at}.test`, name: `shop-${at}` },
    paths: Array.from({ length: paths }, (_, path) => `/api/v${path}`),
  }));
}

/** @returns the folder with the manifests */
function writeShops(folder: string, controller: ControllerName, shops: readonly Shop[]): string {
  const own = join(folder, controller);
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, "shops.yaml"), manifestOf(controller, shops));
  return own;
}

function manifestOf(controller: ControllerName, shops: readonly Shop[]): string {
  const facts = CONTROLLERS.find(({ name }) => name === controller);
  const { installed = "" } = facts?.classes ?? {};
  return facts?.ingresses === "none"
    ? [gateway(installed), ...shops.map(httpRoute)].join("---\n")
    : shops.map((shop) => ingress(shop, installed)).join("---\n");
}

function ingress({ host, name, paths }: Shop, ingressClass: string): string {
  const all = paths.map(
    (path) =>
      `          - {path: ${path}, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}\n`,
  );
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${name}}
spec:
  ingressClassName: ${ingressClass}
  rules:
    - host: ${host}
      http:
        paths:
${all.join("")}`;
}

function httpRoute({ host, name, paths }: Shop): string {
  const all = paths.map(
    (path) =>
      `    - {matches: [{path: {type: PathPrefix, value: ${path}}}], backendRefs: [{name: web, port: 80}]}\n`,
  );
  return `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: ${name}}
spec:
  parentRefs: [{name: shops}]
  hostnames: [${host}]
  rules:
${all.join("")}`;
}

function gateway(gatewayClass: string): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: shops}
spec:
  gatewayClassName: ${gatewayClass}
  listeners: [{name: http, port: 80, protocol: HTTP}]
`;
}
