import { expect, test } from "vitest";
import { createParseCache } from "../../src/manifest/parse-cache.ts";
import { type InUse, keepLastGood } from "../../src/source/last-good.ts";
import { parseManifest } from "../support/parse-manifest.ts";

const ingress = (name: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${name}}
spec:
  rules:
  - host: ${name}.test
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
`;
const json = (name: string) =>
  JSON.stringify({
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name },
    spec: { defaultBackend: { service: { name: "web", port: { number: 80 } } } },
  });
const documents = (...all: readonly string[]) => all.join("---\n");
const list = (...names: readonly string[]) =>
  JSON.stringify({ apiVersion: "v1", kind: "List", items: names.map((name) => JSON.parse(json(name))) });

const [a, b, c] = [ingress("a"), ingress("b"), ingress("c")];
const broken = (text: string) => text.replace("spec:", " spec:");
const misspelt = (text: string) => text.replace("rules:", "rulez:");
const VALUES = "replicas: 1\n";

/** The objects in use after each save. */
function save(...texts: readonly string[]) {
  const cache = createParseCache();
  const nothing: InUse = { resources: [], problems: [], unmatched: new Set() };
  const last = texts.reduce(
    (before, text) => keepLastGood(before, parseManifest(text, "a.yaml", cache), "a.yaml"),
    nothing,
  );
  return {
    names: last.resources
      .map(({ metadata }) => metadata.name)
      .sort()
      .join(" "),
    problems: last.problems.map(({ code, line }) => `${code}:${line}`).join(" "),
  };
}

test.each<[string, string, string]>([
  ["{{{{", "{{{{", "bad-yaml"],
  ["asdf", "asdf", "missing-kind"],
  ["an open quote", '"abc', "bad-yaml"],
  ["an open bracket", "[", "bad-yaml"],
  ["a list", "- a\n- b\n", "missing-kind"],
  ["a number", "12", "missing-kind"],
  ["a map", "foo: bar\n", "missing-kind"],
  ["null", "~", "missing-kind"],
  ["a control character", "\x01", "bad-yaml"],
  ["a conflict of git", `<<<<<<< HEAD\n${a}=======\n${b}>>>>>>> other\n`, "bad-yaml"],
  ["much of nothing", "x ".repeat(50_000), "missing-kind"],
  ["an unknown kind", a.replace("kind: Ingress", "kind: Ingres"), "unknown-kind"],
  ["a kind in lower case", a.replace("kind: Ingress", "kind: ingress"), "unknown-kind"],
  ["no kind", a.replace("kind: Ingress\n", ""), "missing-kind"],
  ["no apiVersion", a.replace(/apiVersion.*\n/, ""), "missing-kind"],
  ["a cut", a.slice(0, -20), "bad-yaml"],
  ["a field that does not exist", misspelt(a), "unknown-field"],
  ["a template", "{{ if .Values.on }}\nkind: Ingress\n{{ end }}\n", "helm-template"],
])("%s over a manifest keeps what the file gave, and is an error", (_what, text, problem) => {
  const { names, problems } = save(a, text);
  expect(names).toBe("a");
  expect(problems).toMatch(new RegExp(`^${problem}:\\d+ last-good-kept:\\d+$`));
  // So does the next save, and one more document; a valid manifest ends it.
  expect(save(a, text, `${text} `).names).toBe("a");
  expect(save(documents(a, b), documents(`${text}\n`, b))).toMatchObject({ names: "a b" });
  expect(save(a, text, b)).toEqual({ names: "b", problems: "" });
});

test.each<[string, readonly string[], string, string]>([
  ["deleted", [documents(a, b), a], "a", ""],
  ["deleted beside a broken one", [documents(a, b), broken(a)], "a", "bad-yaml:4 last-good-kept:4"],
  ["commented out", [documents(a, b), documents(a, b.replaceAll(/^/gm, "# "))], "a", ""],
  ["deleted, the other order", [documents(a, b, c), documents(c, a)], "a c", ""],
  [
    "broken, the other order",
    [documents(a, b, c), documents(broken(c), b, a)],
    "a b c",
    "bad-yaml:4 last-good-kept:4",
  ],
  [
    "broken and renamed",
    [documents(a, b), documents(misspelt(c), b)],
    "a b",
    "unknown-field:5 last-good-kept:5",
  ],
  [
    "all broken",
    [documents(a, b), documents("{{{{\n", "asdf\n")],
    "a b",
    "bad-yaml:1 missing-kind:3 last-good-kept:1 last-good-kept:1",
  ],
  ["deleted beside values that were there before", [documents(VALUES, a, b), documents(VALUES, a)], "a", ""],
  [
    "deleted beside a draft that was never right",
    [documents(misspelt(c), a, b), documents(misspelt(c), a)],
    "a",
    "unknown-field:5",
  ],
  [
    "deleted beside a draft that is written on",
    [documents(misspelt(c), a, b), documents(broken(c), a)],
    "a",
    "bad-yaml:4",
  ],
  [
    "deleted, after the values beside them were written on",
    [documents(VALUES, a, b), documents("x: 1\n", a, b), documents("x: 1\n", a)],
    "a",
    "",
  ],
  ["deleted with what stood in its place", [a, "asdf", documents(b)], "b", ""],
  [
    "another kind",
    [documents(a, b), documents(a, "apiVersion: v1\nkind: Pod\nmetadata: {name: b}\n")],
    "a",
    "",
  ],
  ["never there", ["asdf", documents(VALUES, "{{{{\n")], "", ""],
  [
    "one of a List, broken",
    [list("a", "b"), list("a", "b").replace('"b"},"spec"', '"b"},"spek"')],
    "a b",
    "unknown-field:1 last-good-kept:1",
  ],
  ["one of a List, deleted", [list("a", "b"), list("a")], "a", ""],
  [
    "a List that is cut off",
    [list("a", "b"), list("a", "b").slice(0, -9)],
    "a b",
    "bad-yaml:1 last-good-kept:1 last-good-kept:1",
  ],
])("an object that is %s", (_what, texts, names, problems) => {
  expect(save(...texts)).toEqual({ names, problems });
});

test.each<[string, string]>([
  ["JSON that is cut off", json("a").slice(0, -2)],
  ["JSON that is cut off early", json("a").slice(0, 45)],
  ["JSON without a comma", json("a").replace(",", "")],
  ["indented JSON that is cut off", JSON.stringify(JSON.parse(json("a")), null, 2).slice(0, -3)],
  ["a flow map that is not closed", "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}"],
])("%s is an error also where nothing was there before", (_what, text) => {
  expect(save(text).problems).toMatch(/^bad-yaml:\d+$/);
  expect(save(json("a"), text)).toMatchObject({ names: "a" });
});
