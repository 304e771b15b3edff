import fc from "fast-check";
import { type Draws, type Value, writeJson, writeYaml } from "./written-yaml.ts";

export interface OldManifest {
  readonly text: string;
  /** In the order of the text. */
  readonly comments: readonly string[];
}

const HOSTS = ["a.test", "b.test", "*.a.test", "shop.example.com"];
const PATHS = ["/", "/a", "/a/b", "/cart", "/api/v1", "/a(/|$)(.*)", "/x.y"];
const SERVICES = ["web", "cart", "api"];
const PORTS: readonly (string | number | null)[] = [80, 8080, 443, "http", "https", "80", 0, null];

const text = (value: string | number | null): Value => ({ kind: "scalar", value });
const map = (entries: readonly (readonly [string, Value] | undefined)[]): Value => ({
  kind: "map",
  entries: entries.filter((entry) => entry !== undefined),
});
const list = (items: readonly Value[]): Value => ({ kind: "list", items });

/** Draws one file of manifests: old versions among others, in every style. */
export const oldManifest: fc.Arbitrary<OldManifest> = fc.gen().map((g) => {
  const one = <T>(values: readonly T[]) => values[g(fc.nat, { max: values.length - 1 })] as T;
  const draws: Draws = { one, chance: (of) => g(fc.nat, { max: of - 1 }) === 0 };
  return new Drawing(draws).file();
});

class Drawing {
  readonly #draws: Draws;
  readonly #comments: string[] = [];
  #anchors: string[] = [];
  #count = 0;
  #json = false;

  constructor(draws: Draws) {
    this.#draws = draws;
  }

  file(): OldManifest {
    const { chance, one } = this.#draws;
    this.#json = chance(6);
    const count = this.#json ? 1 : one([1, 1, 2, 3]);
    const documents = Array.from({ length: count }, () => this.#document());
    const separated = documents.join(one(["---\n", "--- # next\n", "...\n---\n", "\n---\n\n"]));
    const whole = `${chance(4) && !this.#json ? "---\n" : ""}${separated}`;
    const ended = chance(5) ? whole.replace(/\n$/, "") : whole;
    const lines = chance(4) ? ended.replaceAll("\n", "\r\n") : ended;
    return { text: `${chance(6) ? "\uFEFF" : ""}${lines}`, comments: this.#comments };
  }

  #document(): string {
    this.#anchors = [];
    const value = this.#top();
    return this.#json ? writeJson(value, this.#draws) : writeYaml(value, this.#draws, this.#comments);
  }

  #top(): Value {
    const { chance } = this.#draws;
    if (chance(10)) return this.#service();
    if (chance(10)) return this.#class();
    if (chance(5)) {
      const typed = chance(3);
      const apiVersion = typed ? this.#oldVersion() : "v1";
      const items = [
        this.#ingress(typed && chance(2)),
        chance(3) && !typed ? this.#service() : this.#ingress(false),
      ];
      return map([
        ["kind", text(typed ? "IngressList" : "List")],
        ["apiVersion", text(apiVersion)],
        ["items", list(items)],
      ]);
    }
    return this.#ingress(false);
  }

  #oldVersion(): string {
    return this.#draws.one(["extensions/v1beta1", "networking.k8s.io/v1beta1"]);
  }

  #service(): Value {
    return map([
      ["apiVersion", text("v1")],
      ["kind", text("Service")],
      ["metadata", map([["name", text(this.#draws.one(SERVICES))]])],
      [
        "spec",
        map([
          [
            "ports",
            list([
              map([
                ["name", text("http")],
                ["port", text(80)],
              ]),
            ]),
          ],
        ]),
      ],
    ]);
  }

  #class(): Value {
    return map([
      ["apiVersion", text("networking.k8s.io/v1beta1")],
      ["kind", text("IngressClass")],
      ["metadata", map([["name", text("nginx")]])],
      ["spec", map([["controller", text("k8s.io/ingress-nginx")]])],
    ]);
  }

  #ingress(untyped: boolean): Value {
    const { chance, one } = this.#draws;
    const annotations = map([
      chance(2) ? ["kubernetes.io/ingress.class", text("nginx")] : undefined,
      chance(3) ? ["nginx.ingress.kubernetes.io/rewrite-target", text(one(["/", "/$2"]))] : undefined,
      chance(4) ? ["nginx.ingress.kubernetes.io/ssl-redirect", text("false")] : undefined,
    ]);
    const metadata = map([
      ["name", text(`i${this.#count++}`)],
      chance(2) ? ["annotations", annotations] : undefined,
    ]);
    // An anchor stands before its aliases: what comes first is drawn first.
    const place = one(["first", "last", "none", "none", "none"]);
    const first = place === "first" ? this.#backend() : undefined;
    const rules = Array.from({ length: one([1, 1, 2, 3]) }, () => this.#rule());
    const last = place === "last" ? this.#backend() : undefined;
    const tls = list([
      map([
        ["hosts", list([text("a.test")])],
        ["secretName", text("tls")],
      ]),
    ]);
    const spec = [
      first && (["backend", first] as const),
      chance(4) ? (["tls", tls] as const) : undefined,
      ["rules", list(rules)] as const,
      last && (["backend", last] as const),
    ];
    const named = untyped
      ? []
      : ([
          ["apiVersion", text(this.#oldVersion())],
          ["kind", text("Ingress")],
        ] as const);
    return map([...named, ["metadata", metadata], ["spec", map(spec)]]);
  }

  #rule(): Value {
    const { chance, one } = this.#draws;
    const paths = Array.from({ length: one([1, 1, 2, 4]) }, () => this.#path());
    return map([chance(6) ? undefined : ["host", text(one(HOSTS))], ["http", map([["paths", list(paths)]])]]);
  }

  #path(): Value {
    const { chance, one } = this.#draws;
    const entries: (readonly [string, Value] | undefined)[] = [
      chance(6) ? undefined : ["path", text(one(PATHS))],
      chance(3) ? ["pathType", text(one(["Prefix", "Exact", "ImplementationSpecific", null]))] : undefined,
    ];
    entries.splice(one([0, 1, 2, 2, 2]), 0, ["backend", this.#backend()]);
    return map(entries);
  }

  #backend(): Value {
    const { chance, one } = this.#draws;
    const [known] = this.#anchors;
    if (known !== undefined && chance(3)) return { kind: "alias", name: known };
    if (chance(15)) {
      return map([
        [
          "resource",
          map([
            ["kind", text("Bucket")],
            ["name", text("files")],
            ["apiGroup", text("s.io")],
          ]),
        ],
      ]);
    }
    const entries = [
      ["serviceName", text(one(SERVICES))],
      ["servicePort", text(one(chance(4) ? PORTS : PORTS.slice(0, 4)))],
    ] as const;
    const value = map(chance(4) ? entries.toReversed() : entries);
    if (this.#json || this.#anchors.length > 0 || !chance(5)) return value;
    this.#anchors.push("shared");
    return { ...value, anchor: "shared" } as Value;
  }
}
