import { compile } from "../../src/compile/compile.ts";
import { snapshotOf } from "../../src/manifest/snapshot.ts";
import type { JsonObject } from "../../src/model/json.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { parseManifest } from "../support/parse-manifest.ts";
import type { ConformanceSuite, ConformanceTest, SuiteChange, SuiteObject, SuiteStatus } from "./cases.ts";
import type { Generated } from "./generated.ts";

/** The GatewayClass that the suite is run with. */
const CLASS = "eg";
const CONTROLLER = "gateway.envoyproxy.io/gatewayclass-controller";

const GATEWAY_CLASS: SuiteObject = {
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "GatewayClass",
  metadata: { name: CLASS },
  spec: { controllerName: CONTROLLER },
};

interface Present {
  readonly object: SuiteObject;
  /** The change that made it. */
  readonly at: number;
  readonly generation: number;
}

/** The objects of a test after a number of its changes, by kind and name. */
function objectsAfter(
  base: readonly SuiteObject[],
  { manifests, changes = [] }: ConformanceTest,
  changesMade: number,
): ReadonlyMap<string, Present> {
  const objects = new Map<string, Present>();
  const put = (object: SuiteObject, at: number) => {
    const before = objects.get(keyOf(object));
    const generation = (before?.generation ?? 0) + 1;
    objects.set(keyOf(object), { object, at: before?.at ?? at, generation });
  };
  for (const object of [GATEWAY_CLASS, ...base, ...manifests]) put(object, 0);
  for (const change of changes) {
    if (change.index > changesMade) continue;
    if (change.op === "delete") objects.delete(keyOf(deleted(change)));
    else put(change.resource, change.index);
  }
  return objects;
}

/** The objects of a test after a number of its changes, as manifests; what a change makes is younger. */
export function manifestsAfter(
  { base }: Pick<ConformanceSuite, "base">,
  test: ConformanceTest,
  made: Generated,
  changesMade: number,
): string {
  const objects = objectsAfter([...base, ...made.objects], test, changesMade);
  return [...objects.values()]
    .map(({ object, at, generation }) => {
      const creationTimestamp = new Date(Date.UTC(2024, 0, 1) + at * 1_000).toISOString().replace(".000", "");
      const metadata = { ...object.metadata, creationTimestamp, generation };
      return filled({ ...object, metadata } as SuiteObject, made);
    })
    .join("\n---\n");
}

/** How often the object of a status was written until then. */
export function generationOf(
  { base }: Pick<ConformanceSuite, "base">,
  test: ConformanceTest,
  { kind, namespace, name, afterChange = 0 }: SuiteStatus,
): number {
  const place = kind === "GatewayClass" ? { name } : { name, namespace: namespace ?? NAMESPACE };
  const key = keyOf({ kind, metadata: place } as SuiteObject);
  return objectsAfter(base, test, afterChange).get(key)?.generation ?? 0;
}

/** Of objects whose namespace is not said. */
const NAMESPACE = "gateway-conformance-infra";

function deleted({ kind, namespace, name }: Extract<SuiteChange, { op: "delete" }>) {
  return { kind, metadata: { name, namespace } } as SuiteObject;
}

function keyOf({ kind, metadata: { namespace = "default", name } }: SuiteObject): string {
  return `${kind} ${namespace}/${name}`;
}

function filled(object: SuiteObject, made: Generated): string {
  const pem = JSON.stringify(made.authority("c")).slice(1, -1);
  return JSON.stringify(object)
    .replaceAll("{GATEWAY_CLASS_NAME}", CLASS)
    .replaceAll("{GATEWAY_CONTROLLER_NAME}", CONTROLLER)
    .replaceAll("{CA of tls-checks-ca-certificate}", pem);
}

/** The statuses that Envoy Gateway writes, by `KIND NAMESPACE/NAME`. */
export function statusesIn(text: string): ReadonlyMap<string, JsonObject> {
  const { statuses } = compile(snapshotIn(text), {
    controller: "gateway-api",
    classless: "ignored",
    completeness: "whole",
  });
  return new Map(
    statuses.map(({ object, status }) => [`${object.kind} ${object.namespace}/${object.name}`, status]),
  );
}

function snapshotIn(text: string): Snapshot {
  return snapshotOf(parseManifest(text, "conformance.yaml").resources).snapshot;
}
