import type { Shape, Struct } from "./shape.ts";
import written from "./types.json" with { type: "json" };

/** Go's types of Kubernetes' kinds (k8s.io/api), spelt as Go spells them; a named text or number has its own line. */
const WRITTEN: ReadonlyMap<string, string | Readonly<Record<string, string>>> = new Map(
  Object.entries(written),
);

const BASIC: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ["string", { kind: "string" }],
  ["bool", { kind: "bool" }],
  ["int32", { kind: "int32" }],
  ["int64", { kind: "int64" }],
  ["[]uint8", { kind: "bytes" }],
  ["IntOrString", { kind: "intOrString" }],
  ["Time", { kind: "time" }],
  ["any", { kind: "any" }],
]);

const STRUCTS = new Map<string, Struct>();

/** `v1.Ingress`. Its fields are made with their first use. */
export function goType(name: string): Struct {
  const known = STRUCTS.get(name);
  if (known !== undefined) return known;
  const fields = WRITTEN.get(name);
  if (typeof fields !== "object") throw new Error(`no type is named ${name}`);
  const made = new GoStruct(name, fields);
  STRUCTS.set(name, made);
  return made;
}

class GoStruct implements Struct {
  readonly kind = "struct";
  readonly open = "closed";
  readonly name: string;
  readonly go: string;
  readonly embedded = new Map<string, string>();
  readonly #written: Readonly<Record<string, string>>;
  #fields: ReadonlyMap<string, Shape> | undefined;

  constructor(go: string, fields: Readonly<Record<string, string>>) {
    this.go = go;
    this.name = go.slice(go.indexOf(".") + 1);
    this.#written = fields;
  }

  get fields(): ReadonlyMap<string, Shape> {
    this.#fields ??= this.#read();
    return this.#fields;
  }

  #read(): ReadonlyMap<string, Shape> {
    const fields = new Map<string, Shape>();
    for (const [key, type] of Object.entries(this.#written)) {
      const end = type.indexOf("/");
      if (end >= 0) this.embedded.set(key, type.slice(0, end));
      fields.set(key, shapeOf(type.slice(end + 1)));
    }
    return fields;
  }
}

function shapeOf(go: string): Shape {
  const basic = BASIC.get(go);
  if (basic !== undefined) return basic;
  if (go.startsWith("[]")) return { kind: "list", of: shapeOf(go.slice(2)), go };
  if (go.startsWith("map[")) return { kind: "map", of: shapeOf(go.slice(go.indexOf("]") + 1)), go };
  const named = WRITTEN.get(go);
  if (typeof named !== "string") return goType(go);
  const of = shapeOf(named);
  return of.kind === "string" || of.kind === "int32" ? { kind: of.kind, go } : of;
}
