import fc from "fast-check";
import { expect, test } from "vitest";
import { createParseCache, Pass } from "../../src/manifest/parse-cache.ts";
import { splitDocuments } from "../../src/yaml/documents.ts";
import { parseManifest } from "../support/parse-manifest.ts";

/** Documents, separators of every kind, and what looks like one. */
const PIECES = [
  "a: 1\n",
  "b: 2\n",
  "kind: Service\napiVersion: v1\nmetadata: {name: web}\n",
  "kind: Secret\napiVersion: v1\nmetadata: {name: web}\n",
  "---\n",
  "--- # comment\n",
  "--- {c: 3}\n",
  "---",
  "...\n",
  "...  \n",
  "text: |\n  ---\n",
  " ---\n",
  "\u2028---\n",
  "\r\n",
  "# comment\n",
  "\n",
  "{{ template }}\n",
  " broken: [\n",
];
const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((pieces) => pieces.join(""));

test("a text is split with the documents of any other text as without them", () => {
  fc.assert(
    fc.property(text, text, fc.nat(), (before, now, shift) => {
      const known = [...splitDocuments(before)].map((document) => ({
        text: document.text,
        lines: document.text.split("\n").length - 1,
      }));
      const from = known.length === 0 ? 0 : shift % known.length;
      const inSomeOrder = [...known.slice(from), ...known.slice(0, from)];
      const knownAt = (whole: string, at: number) =>
        inSomeOrder.find((document) => whole.startsWith(document.text, at));
      expect([...splitDocuments(now, knownAt)]).toEqual([...splitDocuments(now)]);
    }),
    { numRuns: 3_000 },
  );
});

test("a file is read after others of its name as it is read at first", () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (texts) => {
      const cache = createParseCache();
      for (const one of texts)
        expect(plainOf(parseManifest(one, "a.yaml", cache))).toEqual(plainOf(parseManifest(one, "a.yaml")));
    }),
    { numRuns: 300 },
  );
});

const plainOf = ({ resources, unclear, ...rest }: ReturnType<typeof parseManifest>) => ({
  ...rest,
  resources: resources.map(({ kind, origin }) => [kind, origin.document, origin.line]),
  unclear: unclear.map((one) => ({ ...one, problem: one.problem() })),
});

const COUNT = 300;
const service = (at: number, port = 80) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: s-${at}}\nspec: {ports: [{port: ${port}}]}\n`;
const SERVICES = Array.from({ length: COUNT }, (_, at) => service(at));

test.each([
  ["nothing", SERVICES, 0],
  ["one changed", SERVICES.with(7, service(7, 8080)), 1],
  ["two changed, side by side", SERVICES.with(7, service(7, 8080)).with(8, service(8, 8080)), 2],
  ["a new one", SERVICES.toSpliced(7, 0, service(COUNT)), 1],
  ["one left out", SERVICES.toSpliced(7, 1), 0],
  ["many left out", SERVICES.toSpliced(7, 100), 1],
  ["three lines of comments at the top", SERVICES.with(0, `# a\n# b\n# c\n${service(0)}`), 1],
  ["a document at the top", ["a: 1\n", ...SERVICES], 1],
])("only documents that are not at their place are looked for: %s", (_, now, lookedFor) => {
  const cache = createParseCache();
  parseManifest(SERVICES.join("---\n"), "a.yaml", cache);
  const anew = createParseCache();
  parseManifest(now.join("---\n"), "a.yaml", anew);
  const pass = new Pass(cache);
  let misses = 0;
  const knownAt = (whole: string, from: number) => {
    const known = pass.knownAt(whole, from);
    if (known === undefined) misses += 1;
    return known;
  };
  for (const document of splitDocuments(now.join("---\n"), knownAt)) {
    const read = pass.known(document) ?? anew.documents.get(document.text)?.[0];
    if (read !== undefined) pass.add(read, document);
  }
  expect(misses).toBe(lookedFor);
});
