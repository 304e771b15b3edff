import type { Snapshot } from "../../../model/snapshot.ts";
import type { MadeObject } from "../made.ts";

/**
 * Secrets of certificates that the manifests lack. Contour serves nothing of a host whose Secret is not there, and nginx
 * its own certificate: whether it is there is no matter of the conversion.
 */
export class AbsentSecrets {
  readonly #objects = new Map<string, MadeObject>();
  readonly #known: ReadonlySet<string>;

  constructor({ secrets }: Snapshot) {
    this.#known = new Set(secrets.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
  }

  get objects(): readonly MadeObject[] {
    return [...this.#objects.values()];
  }

  add(namespace: string, name: string): void {
    const key = `${namespace}/${name}`;
    if (this.#known.has(key) || name === "") return;
    this.#objects.set(key, {
      ...{ apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, type: "kubernetes.io/tls" },
      stringData: { "tls.crt": BEGUN, "tls.key": BEGUN, "ca.crt": BEGUN },
    });
  }
}

/** Enough of a certificate for Contour, which looks for its first line. */
const BEGUN = "-----BEGIN CERTIFICATE-----\n";
