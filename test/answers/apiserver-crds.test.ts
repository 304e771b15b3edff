import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { judgeOf } from "../../src/manifest/custom/judges.ts";
import { classifyCustom } from "../../src/manifest/custom/kinds.ts";
import type { Problem } from "../../src/model/problem.ts";
import { readGeneralYaml } from "../../src/yaml/general-yaml.ts";
import { stringAt } from "../../src/yaml/node.ts";
import { readPlainYaml } from "../../src/yaml/plain-yaml.ts";
import { parseManifest } from "../support/parse-manifest.ts";
import { type CrdAnswer, crdAnswers } from "./crd-answers.ts";
import { saidByServer, saidHere } from "./crd-said.ts";

const answers = crdAnswers();

/** What is said in other words, or cannot be known. */
const OTHERWISE = new Map([
  ["gateway-namespace-missing-ns", "Which namespaces a cluster has is not known."],
  ["gateway-namespace-missing-and-schema", "Which namespaces a cluster has is not known."],
  ["gateway-version-missing", "Said as for every object without apiVersion."],
  ["gateway-kind-missing", "Said as for every object without kind."],
  ["gateway-raw-star-unquoted", "The YAML reader names the alias."],
  ["gateway-raw-template", "A Helm template is named as such."],
  ["gateway-raw-list", "Said without the file, and why."],
  ["gateway-raw-empty", "There is no object."],
]);

test("what the API server says of a custom resource is said here, word for word", () => {
  const differing = answers.flatMap((answer) => {
    const here = saidHere(parseManifest(answer.manifest, "manifest.yaml").problems);
    const there = saidByServer(answer);
    return JSON.stringify(here) === JSON.stringify(there) ? [] : [{ name: answer.name, here, there }];
  });
  expect(differing.filter(({ name }) => !OTHERWISE.has(name))).toEqual([]);
  expect(differing.map(({ name }) => name).sort()).toEqual([...OTHERWISE.keys()].sort());
});

/** An accepted object with its defaults, without the status that a controller writes. */
function readHere(answer: CrdAnswer): Readonly<Record<string, unknown>> | undefined {
  const node = readPlainYaml(answer.manifest) ?? readGeneralYaml(answer.manifest);
  if ("message" in node) return undefined;
  const classified = classifyCustom(stringAt(node, "apiVersion") ?? "", stringAt(node, "kind") ?? "");
  if (classified?.kind !== "judged") return undefined;
  const problems: Problem[] = [];
  const object = { kind: classified.custom, namespace: "default", name: "" };
  const at = { node, namespace: "default", origin: { file: "", line: 0, document: 0, lineOf: () => 0 } };
  const read = judgeOf(classified.group)?.(
    { problems, object, at, admission: "ahead" },
    classified.custom,
    classified.version,
  );
  if (read === undefined) return undefined;
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...fields } = read;
  return structuredClone(fields);
}

test("an accepted object has the API server's defaults", () => {
  const accepted = answers.filter(
    ({ name, status }) => status === 201 && name !== "gateway-metadata-generatename",
  );
  expect(accepted.length).toBeGreaterThan(150);
  for (const answer of accepted) {
    const { status: _status, ...defaulted } = answer.defaulted ?? {};
    expect(readHere(answer), answer.name).toEqual(defaulted);
  }
});

interface GivenToController {
  readonly name: string;
  readonly objects: readonly {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: { readonly name: string };
  }[];
  readonly refused?: readonly { readonly kind: string; readonly name: string; readonly message: string }[];
}

/** Objects that were made without strict decoding: their unknown fields were dropped. */
const NOT_STRICT = ["redirect-scheme Middleware", "other-kinds Middleware"];

test.each([
  "traefik",
  "contour",
  "gateway-api",
])("what was given to %s is refused as it was there", (name) => {
  const file = new URL(`./${name}.json.gz`, import.meta.url);
  const sets: readonly GivenToController[] = JSON.parse(gunzipSync(readFileSync(file)).toString("utf8"));
  const differing: string[] = [];
  let refused = 0;
  for (const set of sets) {
    for (const object of set.objects.filter(({ apiVersion }) => apiVersion.includes("."))) {
      const { kind, metadata } = object;
      const there = set.refused?.find((one) => one.kind === kind && one.name === metadata.name);
      if (there !== undefined) refused += 1;
      const here = saidHere(parseManifest(JSON.stringify(object), "given.json").problems).errors;
      const isSame =
        here.length === 0 ? there === undefined : here.every((said) => there?.message.includes(said));
      if (!isSame) differing.push(`${set.name} ${kind}`);
    }
  }
  expect(refused).toBeGreaterThan(5);
  expect(differing.filter((one) => !NOT_STRICT.includes(one))).toEqual([]);
});
