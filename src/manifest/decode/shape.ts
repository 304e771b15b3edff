/**
 * The Go types of the API, as far as strict decoding and the wording of wrong types by Go's JSON decoder need
 * them.
 */
export type Shape =
  /** `go`: the type's own name. default: as `kind` */
  | { readonly kind: "string" | "bool" | "int32" | "int64"; readonly go?: string }
  | { readonly kind: "bytes" }
  | { readonly kind: "intOrString" }
  | { readonly kind: "time" }
  | { readonly kind: "any" }
  | { readonly kind: "list"; readonly of: Shape; readonly go: string }
  | { readonly kind: "map"; readonly of: Shape; readonly go: string }
  | Struct;

export interface Struct {
  readonly kind: "struct";
  /** Without package. */
  readonly name: string;
  /** With package, as in messages: `v1.IngressSpec`. */
  readonly go: string;
  /** `open`: further fields exist, so none is unknown. */
  readonly open: "open" | "closed";
  readonly fields: ReadonlyMap<string, Shape>;
  /** The embedded types that hold fields, which Go names before them. default: it holds them itself */
  readonly embedded?: ReadonlyMap<string, string>;
}

/** All fields listed. */
export function struct(go: string, fields: Readonly<Record<string, Shape>>): Struct {
  const name = go.slice(go.indexOf(".") + 1);
  return { kind: "struct", go, name, open: "closed", fields: new Map(Object.entries(fields)) };
}

export function goName(shape: Shape): string {
  if (shape.kind === "bytes") return "[]uint8";
  return ("go" in shape ? shape.go : undefined) ?? shape.kind;
}
