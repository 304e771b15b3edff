/**
 * The Go types of the API, as far as strict decoding and the wording of wrong types by Go's JSON decoder need
 * them.
 */
export type Shape =
  | { readonly is: "string" | "bool" | "int32" | "int64" }
  /** base64 in a string (`[]byte`). */
  | { readonly is: "bytes" }
  /** A number or a string (`intstr.IntOrString`). */
  | { readonly is: "intOrString" }
  /** Not decoded: ingress-dev does not read it. */
  | { readonly is: "any" }
  | { readonly is: "list"; readonly of: Shape; readonly go: string }
  | { readonly is: "map"; readonly of: Shape; readonly go: string }
  | Struct;

export interface Struct {
  readonly is: "struct";
  /** Go type name without package. */
  readonly name: string;
  /** Go type name with package, as in messages: `v1.IngressSpec`. */
  readonly go: string;
  /** `open`: further fields exist, so none is unknown. */
  readonly open: "open" | "closed";
  readonly fields: ReadonlyMap<string, Shape>;
}

export const STRING: Shape = { is: "string" };
export const BOOL: Shape = { is: "bool" };
export const INT32: Shape = { is: "int32" };
export const INT64: Shape = { is: "int64" };
export const INT_OR_STRING: Shape = { is: "intOrString" };
export const ANY: Shape = { is: "any" };
export const BYTES_MAP: Shape = { is: "map", of: { is: "bytes" }, go: "map[string][]uint8" };
export const STRINGS: Shape = { is: "list", of: STRING, go: "[]string" };
export const STRING_MAP: Shape = { is: "map", of: STRING, go: "map[string]string" };

/** A Go struct with all its fields. */
export function struct(go: string, fields: Readonly<Record<string, Shape>>): Struct {
  return { is: "struct", go, name: go.slice(go.indexOf(".") + 1), open: "closed", fields: fieldsOf(fields) };
}

/** A Go struct with only the fields that are read. */
export function openStruct(go: string, fields: Readonly<Record<string, Shape>>): Struct {
  return { ...struct(go, fields), open: "open" };
}

function fieldsOf(fields: Readonly<Record<string, Shape>>): ReadonlyMap<string, Shape> {
  return new Map(Object.entries(fields));
}

/** A Go slice of structs. */
export function listOf(of: Struct): Shape {
  return { is: "list", of, go: `[]${of.go}` };
}

/** The printed name of a Go type. */
export function goName(shape: Shape): string {
  if (shape.is === "bytes") return "[]uint8";
  return "go" in shape ? shape.go : shape.is;
}
