import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runHere } from "../in-process.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-sarif-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const INGRESS = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    nginx.ingress.kubernetes.io/nonsense: x
spec:
  rules:
  - http: {paths: [{path: /, backend: {service: {name: web, port: {number: 80}}}}]}
`;

const write = (name: string, text: string) => {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};

// biome-ignore lint/suspicious/noExplicitAny: the outside world's JSON, whose shape the tests look at
async function sarif(args: readonly string[], cwd = folder, input = ""): Promise<any> {
  const { stdout, stderr } = await runHere(["check", ...args, "-o", "sarif"], { cwd, input });
  expect(stderr).toBe("");
  expect(stdout.trimEnd()).not.toContain("\n");
  const log = JSON.parse(stdout);
  expectSarif(log);
  return log.runs[0];
}

const text = expect.any(String);

/** What the schema requires of what we write, and GitHub besides (docs: "SARIF support for code scanning"). */
// biome-ignore lint/suspicious/noExplicitAny: see above
function expectSarif(log: any): void {
  expect(Object.keys(log).toSorted()).toEqual(["$schema", "runs", "version"]);
  expect(log.version).toBe("2.1.0");
  expect(log.runs).toHaveLength(1);
  const [{ tool, results, invocations, columnKind }] = log.runs;
  expect(tool).toEqual({
    driver: { name: "ingress-dev", semanticVersion: "1.2.3", rules: expect.any(Array) },
  });
  expect(columnKind).toBe("utf16CodeUnits");
  expect(invocations).toEqual([{ executionSuccessful: true, toolExecutionNotifications: expect.any(Array) }]);
  const { rules } = tool.driver;
  expect(new Set(rules.map(({ id }: { id: string }) => id)).size).toBe(rules.length);
  for (const rule of rules) {
    const said = { text: expect.stringMatching(/\S/) };
    expect(rule).toEqual({ id: text, shortDescription: said, fullDescription: said, help: said });
  }
  for (const result of results) {
    expect(["error", "warning", "note"]).toContain(result.level);
    expect(rules[result.ruleIndex].id).toBe(result.ruleId);
    expect(result.message).toEqual({ text: expect.stringMatching(/\S/) });
    expect(result.partialFingerprints).toEqual({
      primaryLocationLineHash: expect.stringMatching(/^[0-9a-f]{16}:\d+$/),
    });
    expect(Array.isArray(result.suppressions)).toBe(true);
    for (const { physicalLocation } of result.locations) {
      expect(physicalLocation.artifactLocation).toEqual({
        uri: expect.stringMatching(/^(?:file:\/\/\/)?[!-~]+$/),
      });
      const { region } = physicalLocation;
      if (region === undefined) continue;
      expect(region.startLine).toBeGreaterThanOrEqual(1);
      if (region.startColumn !== undefined) expect(region.endColumn).toBeGreaterThan(region.startColumn);
    }
  }
  const prints = results.map((one: { partialFingerprints: object }) =>
    JSON.stringify(one.partialFingerprints),
  );
  expect(new Set(prints).size).toBe(prints.length);
}

test("a result has the rule, the level, and the place in the repository", async () => {
  write("k8s/shop.yaml", INGRESS);
  const { results, tool } = await sarif([join(folder, "k8s")]);
  expect(results[0]).toMatchObject({
    ruleId: "missing-path-type",
    level: "error",
    message: { text: expect.stringMatching(/^Ingress default\/shop spec\.rules\[0\].*\nAdd pathType/) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: "k8s/shop.yaml" },
          region: { startLine: 9, startColumn: 21, endColumn: 25 },
        },
      },
    ],
    suppressions: [],
  });
  const rule = tool.driver.rules.find(({ id }: { id: string }) => id === "missing-path-type");
  expect(rule.help.text).toContain("every path has to say how it is matched");
  expect(rule.help.text).toContain("Next step: Add pathType");
});

test("each level has its own, errors first", async () => {
  write("a.yaml", INGRESS.replace("path: /,", "path: /, pathType: Prefix,"));
  const { results } = await sarif([folder]);
  expect(results.map(({ level, ruleId }: Record<string, string>) => `${level} ${ruleId}`)).toEqual([
    "warning annotation-unknown",
    "note class-missing",
  ]);
});

test("fingerprints stay while lines move, and equal problems have their own", async () => {
  const print = (run: { results: { partialFingerprints: unknown; locations: unknown }[] }) =>
    run.results.map(({ partialFingerprints }) => partialFingerprints);
  write("a.yaml", INGRESS);
  write("broken.yaml", "kind: Ingress\na: b: c\n---\nkind: Ingress\na: b: c\n");
  const before = await sarif([folder]);
  write("a.yaml", `# more\n\n${INGRESS}`);
  write("broken.yaml", "# more\nkind: Ingress\na: b: c\n---\nkind: Ingress\na: b: c\n");
  const after = await sarif([folder]);
  expect(before.results.length).toBeGreaterThan(2);
  expect(print(after)).toEqual(print(before));
  expect(after.results.map((one: { locations: unknown }) => one.locations)).not.toEqual(
    before.results.map((one: { locations: unknown }) => one.locations),
  );
});

test("ignored problems are there, suppressed, with who did it and why", async () => {
  write(
    "a.yaml",
    INGRESS.replace("nonsense: x", "nonsense: x # ingress-dev-ignore: annotation-unknown the chart"),
  );
  const { results } = await sarif([folder, "--ignore", "missing-path-type"]);
  const suppressions = new Map(
    results.map((one: { ruleId: string; suppressions: unknown }) => [one.ruleId, one.suppressions]),
  );
  expect(suppressions.get("missing-path-type")).toEqual([{ kind: "external", status: "accepted" }]);
  expect(suppressions.get("annotation-unknown")).toEqual([
    { kind: "inSource", status: "accepted", justification: "the chart" },
  ]);
});

test.each([
  ["a b%.yaml", "a%20b%25.yaml"],
  ["ü,:#?.yaml", "%C3%BC%2C%3A%23%3F.yaml"],
  ["deep/er/a.yaml", "deep/er/a.yaml"],
])("a file named %s has the URI %s", async (name, uri) => {
  write(name, INGRESS);
  const { results } = await sarif([join(folder, name)]);
  expect(results[0].locations[0].physicalLocation.artifactLocation).toEqual({ uri });
});

test("a name that a terminal would obey, and a file elsewhere, are whole URIs", async () => {
  const file = write("a\x1b[31m.yaml", INGRESS);
  const own = await sarif([file]);
  expect(own.results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(pathToFileURL(file).href);
  const plain = write("a.yaml", INGRESS);
  const elsewhere = await sarif([plain], join(folder, "sub"));
  expect(elsewhere.results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(
    pathToFileURL(plain).href,
  );
});

test("standard input has no place, and nothing wrong is a run without results", async () => {
  const piped = await sarif(["-"], folder, INGRESS);
  expect(piped.results[0].locations).toEqual([]);
  const fine = INGRESS.replace("path: /,", "path: /, pathType: Prefix,")
    .replace("  annotations:\n    nginx.ingress.kubernetes.io/nonsense: x\n", "")
    .replace("spec:\n", "spec:\n  ingressClassName: nginx\n");
  const { results, tool } = await sarif(["-"], folder, fine);
  expect([results, tool.driver.rules]).toEqual([[], []]);
});

test("at most 5,000 results, errors first, and it says how many are left out", async () => {
  const annotations = Array.from(
    { length: 5_010 },
    (_, at) => `    nginx.ingress.kubernetes.io/no-${at}: x\n`,
  );
  const many = INGRESS.replace("    nginx.ingress.kubernetes.io/nonsense: x\n", annotations.join("")).replace(
    "path: /,",
    "path: /, pathType: Prefix,",
  );
  const { results, invocations } = await sarif(
    ["-"],
    folder,
    `${many}---\n${INGRESS.replace("name: shop", "name: other")}`,
  );
  expect(results).toHaveLength(5_000);
  expect(results[0].level).toBe("error");
  expect(invocations[0].toolExecutionNotifications[0].message.text).toMatch(
    /^\d+ more problems are left out/,
  );
});
