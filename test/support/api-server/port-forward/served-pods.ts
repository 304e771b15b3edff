export interface Address {
  readonly host: string;
  readonly port: number;
}

/** The real listeners behind pods' ports. */
export class ServedPods {
  readonly #addresses = new Map<string, Address>();

  serve(namespace: string, pod: string, port: number, address: Address): void {
    this.#addresses.set(`${namespace}/${pod}:${port}`, address);
  }

  find(namespace: string, pod: string, port: number): Address | undefined {
    return this.#addresses.get(`${namespace}/${pod}:${port}`);
  }
}
