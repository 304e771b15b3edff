import { expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { snapshotOf } from "../../src/manifest/snapshot.ts";
import { jsonFields, jsonItems } from "../../src/model/json.ts";
import { recordedSets } from "../answers/recorded.ts";
import { manifestsOf } from "../controllers/given.ts";
import { parseManifest } from "../support/parse-manifest.ts";

interface RecordedStatus {
  readonly namespace: string;
  readonly name: string;
  readonly currentStatus: string;
  readonly description: string;
  readonly errors?: readonly unknown[];
  readonly warnings?: readonly unknown[];
}

const SETS = (recordedSets("contour") ?? []).filter(({ proxies }) => proxies !== undefined);

test.each(
  SETS.map((set) => [set.name, set] as const),
)("%s: HTTPProxies have the recorded statuses", async (_, set) => {
  const { resources } = parseManifest(await manifestsOf(set as never), "given.json");
  const { statuses } = compile(snapshotOf(resources).snapshot, {
    ...{ controller: "contour", classless: "ignored", completeness: "whole" },
    controllerFlags: set.flags,
  });
  const here = statuses.map(({ object: { namespace, name }, status }) => {
    const [valid] = jsonItems(status.conditions).map(jsonFields);
    const { errors, warnings } = valid ?? {};
    return {
      namespace,
      name,
      currentStatus: status.currentStatus,
      description: status.description,
      errors,
      warnings,
    };
  });
  const recorded = (set.proxies as readonly RecordedStatus[]).map(
    ({ namespace, name, currentStatus, description, errors, warnings }) => ({
      ...{ namespace, name, currentStatus, description, errors, warnings },
    }),
  );
  expect(here).toEqual(expect.arrayContaining(recorded));
});
