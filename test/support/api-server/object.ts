/** A Kubernetes object; the rest of it is untyped JSON. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** The parts of `metadata` that the server reads or fills. */
interface ObjectMeta {
  name?: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  [field: string]: unknown;
}

/** A JSON object. */
export type Json = Record<string, unknown>;

/** The value as a JSON object; `{}` for any other. */
export function asMap(value: unknown): Json {
  return isMap(value) ? value : {};
}

/** True for a JSON object, false for lists and null. */
export function isMap(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as a list; `[]` for any other. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a list of JSON objects. */
export function asMaps(value: unknown): readonly Json[] {
  return asList(value).filter(isMap);
}

/** Text and numbers as text; `""` for any other value. */
export function asText(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** The value at a path of keys; `undefined` if the path ends early. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const key of path) here = asMap(here)[key];
  return here;
}

/** A copy without the values at paths such as `spec.rules[0].foo`. */
export function withoutPaths<T>(value: T, paths: readonly string[]): T {
  const copy = structuredClone(value);
  for (const path of paths) {
    const keys = path.split(/[.[\]]+/).filter((key) => key !== "");
    let here: unknown = copy;
    for (const key of keys.slice(0, -1)) here = (here as Record<string, unknown> | undefined)?.[key];
    if (isMap(here)) delete here[keys.at(-1) ?? ""];
  }
  return copy;
}
