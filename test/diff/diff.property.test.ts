import fc from "fast-check";
import { expect, test } from "vitest";
import { createPredictor, type Predictor } from "../../src/cli/predict.ts";
import { readRouting } from "../../src/cli/routing.ts";
import type { Decision } from "../../src/model/decision.ts";
import { runHere } from "../cli/in-process.ts";
import { folderOf, ingress, type PathText, type SaidReport, services } from "./folders.ts";

const SERVICES = ["one", "two", "three"];
const ELEMENTS = ["a", "b"];
const PATHS = ["/", "/a", "/a/", "/b", "/a/b", "/a/b/", "/b/a", "/ab"];
const HOSTS = ["x.test", "y.test"];

const path: fc.Arbitrary<PathText> = fc.record({
  path: fc.constantFrom(...PATHS),
  type: fc.constantFrom("Prefix", "Exact"),
  service: fc.constantFrom(...SERVICES),
});
const manifest = fc.array(
  fc.record({
    host: fc.constantFrom(...HOSTS),
    paths: fc.array(path, { minLength: 1, maxLength: 3 }),
    tls: fc.constantFrom(undefined, "secret"),
    redirected: fc.boolean(),
  }),
  { maxLength: 3 },
);
type Manifest = typeof manifest extends fc.Arbitrary<infer M> ? M : never;

function folder(manifests: Manifest): string {
  const texts = manifests.map(({ host, paths, tls, redirected }, at) => [
    `${at}.json`,
    ingress(paths, {
      ...{ name: `i${at}`, host },
      ...(tls === undefined ? {} : { tls }),
      annotations: redirected ? { "permanent-redirect": `https://${at}.test/` } : {},
    }),
  ]);
  return folderOf({ "services.json": services(...SERVICES), ...Object.fromEntries(texts) });
}

/** Every path of at most three elements, with and without a slash at its end. */
function* allPaths(): Iterable<string> {
  let paths = [""];
  yield "/";
  for (let depth = 0; depth < 3; depth++) {
    paths = paths.flatMap((before) => [...ELEMENTS, "ab", "c"].map((element) => `${before}/${element}`));
    for (const each of paths) yield* [each, `${each}/`];
  }
}

function* everyUrl(): Iterable<string> {
  for (const scheme of ["http", "https"])
    for (const host of [...HOSTS, "stranger.test"])
      for (const each of allPaths()) yield `${scheme}://${host}${each}`;
}

function told(decision: Decision): string {
  if (decision.kind === "forward") return `forward ${decision.backend.service}`;
  return `${decision.kind} ${decision.status}`;
}

async function predictorOf(files: string): Promise<Predictor> {
  const { stdin, stdout, stderr } = process;
  const surroundings = { version: "1", env: {}, cwd: "/", stdin, stdout, stderr };
  return createPredictor(await readRouting({ filename: [files], exact: true }, surroundings));
}

const OPTIONS = { numRuns: 25, seed: 20_261_128 };

/** The last bit of a request in the report, as `told` words it. */
function saidOf(side: Record<string, unknown>): string {
  const { decision, status, backend } = side as {
    decision: string;
    status?: number;
    backend?: { service: string };
  };
  return decision === "forward" ? `forward ${backend?.service}` : `${decision} ${status}`;
}

test("diff finds what brute force finds, and nothing that is none, without regular expressions", {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(manifest, manifest, async (before, after) => {
      const sides = [folder(before), folder(after)] as const;
      const { stdout } = await runHere(["diff", ...sides, "--exact", "-o", "json"]);
      const report = JSON.parse(stdout) as SaidReport;
      const [old, now] = [await predictorOf(sides[0]), await predictorOf(sides[1])];
      const decided = (predictor: Predictor, url: string) =>
        told(predictor.outcome(predictor.sample({ url, method: "GET", headers: [] })).decision);
      const changes = new Set<string>();
      for (const url of everyUrl()) {
        const [was, is] = [decided(old, url), decided(now, url)];
        if (was !== is) changes.add(`${new URL(url).host} ${was} → ${is}`);
      }
      const said = new Set<string>();
      for (const difference of report.differences) {
        const { request, old: was, new: is, differs } = difference;
        const url = /^GET (\S+)$/.exec(request)?.[1];
        if (url === undefined || !/^[a-z]+:\/\/[a-z.]+\//.test(url)) continue;
        said.add(`${new URL(url).host} ${saidOf(was)} → ${saidOf(is)}`);
        // Sound: the two sides say the same when they are asked anew.
        expect([decided(old, url), decided(now, url)]).toEqual([saidOf(was), saidOf(is)]);
        if (differs.includes("kind") || differs.includes("service") || differs.includes("status"))
          expect(saidOf(was)).not.toBe(saidOf(is));
      }
      expect(report.complete).toBe(true);
      for (const change of changes)
        if (!change.startsWith("stranger.test")) expect([...said], change).toContain(change);
      if (changes.size > 0) expect(report.differences.length).toBeGreaterThan(0);
    }),
    OPTIONS,
  );
});

test("equal manifests under other file names have no differences", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(manifest, async (manifests) => {
      const texts = manifests.map(({ host, paths }, at) => ingress(paths, { name: `i${at}`, host }));
      const first = Object.fromEntries(texts.map((text, at) => [`${at}.json`, text]));
      const second = { "sub/all.yaml": texts.join("\n---\n") };
      const known = { "services.json": services(...SERVICES) };
      const { code } = await runHere([
        "diff",
        folderOf({ ...known, ...first }),
        folderOf({ ...known, ...second }),
      ]);
      expect(code).toBe(0);
    }),
    { ...OPTIONS, numRuns: 10 },
  );
});
