/**
 * What a field may hold, as the Go types of the API have it. Enough of them to decode strictly, and to word a wrong
 * type as Go's JSON decoder does.
 */
export type Shape =
  | { readonly is: "string" | "bool" | "int32" | "int64" }
  /** base64 in a string (`[]byte`). */
  | { readonly is: "bytes" }
  /** A number or a string (`intstr.IntOrString`). */
  | { readonly is: "intOrString" }
  /** Not looked into: fields that ingress-dev does not read. */
  | { readonly is: "any" }
  | { readonly is: "list"; readonly of: Shape; readonly go: string }
  | { readonly is: "map"; readonly of: Shape; readonly go: string }
  | Struct;

export interface Struct {
  readonly is: "struct";
  /** Name of the Go type without its package. */
  readonly name: string;
  /** With it, as messages print it: `v1.IngressSpec`. */
  readonly go: string;
  /** `open`: further fields exist that are not listed, so none is unknown. */
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

/** A Go struct all of whose fields are listed. */
export function struct(go: string, fields: Readonly<Record<string, Shape>>): Struct {
  return { is: "struct", go, name: go.slice(go.indexOf(".") + 1), open: "closed", fields: fieldsOf(fields) };
}

/** A Go struct of which only the fields that are read are listed. */
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
