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
  ["gateway-raw-list", "It does not look like an object."],
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
