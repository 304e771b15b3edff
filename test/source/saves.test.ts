import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { openReader, type Reader } from "../../src/source/reader.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-saves-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ingress = (name: string, path = "/") => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${name}}
spec:
  rules:
  - host: ${name}.test
    http: {paths: [{path: ${path}, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
`;
const service = (name: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {ports: [{port: 80}]}\n`;

const save = (name: string, ...documents: readonly string[]) =>
  writeFileSync(join(folder, name), documents.join("---\n"));
const changed = (...names: readonly string[]) => new Set(names.map((name) => join(folder, name)));

async function read(reader: Reader, ...names: readonly string[]): Promise<Snapshot> {
  const { reading } = await reader.read(changed(...names), 0);
  return reading.snapshot;
}

test("over a save the objects of other documents and files stay the same, and the lists of other kinds", async () => {
  save("a.yaml", ingress("a"), service("web"), ingress("b"));
  save("b.yaml", ingress("c"));
  const { reader } = await openReader([folder], {});
  const before = await read(reader);
  save("a.yaml", "# one line more\n", service("new"), ingress("a"), service("web"), ingress("b", "/new"));
  const after = await read(reader, "a.yaml");
  expect(after.ingresses.map((one, at) => one === before.ingresses[at])).toEqual([true, false, true]);
  expect(after.services.map((one) => before.services.includes(one))).toEqual([false, true]);
  expect(after.ingresses.map(({ origin }) => origin.line)).toEqual([8, 21, 1]);
  expect(after.configMaps).toBe(before.configMaps);
  save("b.yaml", ingress("d"));
  const last = await read(reader, "b.yaml");
  expect(last.services).toBe(after.services);
  expect(last.ingresses.map((one, at) => one === after.ingresses[at])).toEqual([true, true, false]);
});

const COUNTERS = "/proc/self/io";
const bytesRead = () => Number(/^rchar: (\d+)$/m.exec(readFileSync(COUNTERS, "utf8"))?.[1]);

test.runIf(existsSync(COUNTERS))("a change in one of many files reads that one alone", async () => {
  const padding = `# ${"x".repeat(100_000)}\n`;
  const names = Array.from({ length: 100 }, (_, at) => `f${at}.yaml`);
  for (const name of names) save(name, padding, ingress(name.slice(0, -5)));
  const { reader } = await openReader([folder], {});
  const before = await read(reader);
  save("f7.yaml", padding, ingress("f7", "/new"));
  const from = bytesRead();
  const after = await read(reader, "f7.yaml");
  expect(bytesRead() - from).toBeLessThan(1_000_000);
  expect(after.ingresses.filter((one) => !before.ingresses.includes(one))).toHaveLength(1);
});
