import { describe, expect, it } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { snapshotOf } from "../../src/manifest/snapshot.ts";
import { type JsonObject, jsonFields, jsonItems } from "../../src/model/json.ts";
import { manifestsOf } from "../controllers/given.ts";
import { parseManifest } from "../support/parse-manifest.ts";
import { type RecordedSet, recordedSets } from "./recorded.ts";

const SETS = recordedSets("gateway-api") ?? [];

describe("the statuses that Envoy Gateway writes", () => {
  it.each(SETS.map((set) => [set.name, set.about, set] as const))("%s: %s", async (_, __, set) => {
    const manifests = await manifestsOf(set as never);
    const { snapshot } = snapshotOf(
      parseManifest([manifests, ...withoutPods(set)].join("\n---\n"), "given.json").resources,
    );
    const { statuses } = compile(snapshot, {
      controller: "gateway-api",
      classless: "ignored",
      completeness: "whole",
    });
    const found = new Map(
      statuses.map(({ object, status }) => [`${object.kind} ${object.namespace}/${object.name}`, status]),
    );
    for (const written of set.status ?? []) {
      const recorded = written as JsonObject;
      expect(
        shortened(found.get(`${recorded.kind} ${recorded.name}`) ?? {}),
        `${recorded.kind} ${recorded.name}`,
      ).toEqual(shortened(recorded));
    }
  });
});

/** Services without a ready pod, in files: their Deployments have no replicas. */
function withoutPods({ objects, noEndpoints = [] }: RecordedSet): readonly string[] {
  return objects.flatMap(({ kind, metadata: { name, namespace = "default" }, spec }) => {
    if (kind !== "Service" || !noEndpoints.includes(`${namespace}/${name}`)) return [];
    const labels = jsonFields(jsonFields(spec as JsonObject).selector);
    const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "i" }] } };
    const deployment = { replicas: 0, selector: { matchLabels: labels }, template };
    return [
      JSON.stringify({
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name, namespace },
        spec: deployment,
      }),
    ];
  });
}

/** A status in the form of the recording: references without their defaults, supported kinds by name. */
function shortened(status: JsonObject) {
  const listeners = jsonItems(status.listeners).map(jsonFields);
  const ends = (list: JsonObject[string], ref: string) =>
    jsonItems(list).map((item) => {
      const { conditions, ...fields } = jsonFields(item);
      const { group, kind, ...own } = jsonFields(fields[ref] ?? fields.ref);
      return { ref: { ...own, ...(kind === "Gateway" || kind === undefined ? {} : { kind }) }, conditions };
    });
  return {
    conditions: status.conditions,
    attachedListenerSets: status.attachedListenerSets,
    listeners: listeners.map((each) => ({
      ...each,
      supportedKinds: jsonItems(each.supportedKinds).map((kind) => jsonFields(kind).kind ?? kind),
    })),
    parents: ends(status.parents, "parentRef"),
    ancestors: ends(status.ancestors, "ancestorRef"),
  };
}
