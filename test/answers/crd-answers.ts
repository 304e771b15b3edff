import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** A manifest, and what a real API server said of it. */
export interface CrdAnswer {
  readonly name: string;
  readonly manifest: string;
  readonly status: number;
  readonly message: string;
  /** Of a 422: one for each fault. They come in any order. */
  readonly causes: readonly { readonly field: string; readonly message: string }[];
  /** Of an accepted object: all but apiVersion, kind and metadata. */
  readonly defaulted?: Readonly<Record<string, unknown>>;
  /** As written, instead of the JSON that kubectl makes of it. */
  readonly sent?: "yaml";
  readonly warnings?: readonly string[];
  /** `stderr`: only what kubectl says itself. */
  readonly kubectl: { readonly exit: number; readonly stderr: string };
}

export function crdAnswers(): readonly CrdAnswer[] {
  const file = new URL("./apiserver-crds.json.gz", import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(file)).toString("utf8"));
}
