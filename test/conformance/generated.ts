import { type Authority, newAuthority, type TestPair } from "../support/authority.ts";
import type { ConformanceSuite, SuiteObject } from "./cases.ts";

/** What the suite makes before its tests: the objects, and the pairs by `NAMESPACE/NAME`. */
export interface Generated {
  readonly objects: readonly SuiteObject[];
  readonly pairs: ReadonlyMap<string, TestPair>;
  /** PEM of the authority with that letter. */
  readonly authority: (letter: string) => string;
}

/** Secrets and ConfigMaps with keys of this run. */
export function generatedObjects({ generated }: Pick<ConformanceSuite, "generated">): Generated {
  const authorities = new Map<string, Authority>();
  const authority = (letter: string): Authority => {
    const known = authorities.get(letter) ?? newAuthority(`authority ${letter}`);
    authorities.set(letter, known);
    return known;
  };
  const pairs = new Map<string, TestPair>();
  const objects = generated.map((made): SuiteObject => {
    const { kind, namespace, name, hosts, signer } = made;
    const letter = /CA ?(\w?)/.exec(signer)?.[1] ?? "own";
    const head = { apiVersion: "v1", kind, metadata: { namespace, name } };
    if (kind === "ConfigMap") return { ...head, data: { "ca.crt": authority(letter).cert } };
    const pair = authority(letter).issue(hosts?.[0] ?? "client", hosts === undefined ? {} : { names: hosts });
    pairs.set(`${namespace}/${name}`, pair);
    return {
      ...head,
      type: "kubernetes.io/tls",
      data: { "tls.crt": encoded(pair.cert), "tls.key": encoded(pair.key) },
    };
  });
  return { objects, pairs, authority: (letter) => authority(letter).cert };
}

function encoded(text: string): string {
  return Buffer.from(text).toString("base64");
}
