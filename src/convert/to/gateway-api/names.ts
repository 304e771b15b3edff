/** The longest name of a listener, and of objects whose names become labels. */
const LONGEST = 63;

/** A host in a name: `wildcard-shop-test` for `*.shop.test`. */
export function hostInName(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\*\./, "wildcard.")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

/** Gives each name once: `shop`, `shop-2`. */
export class FreshNames {
  readonly #taken = new Set<string>();

  /** `scope`: a namespace, or an object that names are within. */
  fresh(scope: string, name: string): string {
    for (let number = 1; ; number++) {
      const end = number === 1 ? "" : `-${number}`;
      const made = `${name.slice(0, LONGEST - end.length).replace(/[^a-z0-9]+$/i, "")}${end}`;
      const key = `${scope}/${made}`;
      if (this.#taken.has(key)) continue;
      this.#taken.add(key);
      return made;
    }
  }
}
