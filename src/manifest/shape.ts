/**
 * The Go types of the API, as far as strict decoding and the wording of wrong types by Go's JSON decoder need
 * them.
 */
export type Shape =
  /** `go`: the type's own name. default: as `kind` */
  | { readonly kind: "string" | "bool" | "int32" | "int64"; readonly go?: string }
  | { readonly kind: "bytes" }
  | { readonly kind: "intOrString" }
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
}

export const STRING: Shape = { kind: "string" };
export const BOOL: Shape = { kind: "bool" };
export const INT32: Shape = { kind: "int32" };
export const INT64: Shape = { kind: "int64" };
export const INT_OR_STRING: Shape = { kind: "intOrString" };
export const ANY: Shape = { kind: "any" };
export const BYTES_MAP: Shape = { kind: "map", of: { kind: "bytes" }, go: "map[string][]uint8" };
export const STRINGS: Shape = { kind: "list", of: STRING, go: "[]string" };
export const STRING_MAP: Shape = { kind: "map", of: STRING, go: "map[string]string" };

/** All fields listed. */
export function struct(go: string, fields: Readonly<Record<string, Shape>>): Struct {
  return {
    kind: "struct",
    go,
    name: go.slice(go.indexOf(".") + 1),
    open: "closed",
    fields: fieldsOf(fields),
  };
}

/** Only the fields that are read. */
export function openStruct(go: string, fields: Readonly<Record<string, Shape>>): Struct {
  return { ...struct(go, fields), open: "open" };
}

function fieldsOf(fields: Readonly<Record<string, Shape>>): ReadonlyMap<string, Shape> {
  return new Map(Object.entries(fields));
}

export function sliceOf(of: Struct): Shape {
  return { kind: "list", of, go: `[]${of.go}` };
}

export function goName(shape: Shape): string {
  if (shape.kind === "bytes") return "[]uint8";
  return ("go" in shape ? shape.go : undefined) ?? shape.kind;
}
