import type { MapNode, Scalar, YamlNode } from "../yaml/node.ts";
import { goName, type Shape, type Struct } from "./shape.ts";

/** Results of strict decoding, in the API server's order. */
export interface Decoded {
  readonly unknown: readonly string[];
  /** The first wrong type; it ends decoding before unknown fields are reported. */
  readonly wrong?: { readonly field: string; readonly message: string } | undefined;
}

interface Found {
  readonly unknown: string[];
  wrong?: { readonly field: string; readonly message: string };
}

/** The decoder's place: path with indexes, Go field stack without, innermost struct. */
interface Place {
  readonly path: string;
  readonly stack: string;
  readonly struct: string;
}

/**
 * Decodes an object as the API server does (sigs.k8s.io/json, strict): unknown fields, and the first wrong
 * type.
 *
 * kubectl sends JSON with sorted keys, so fields are visited in that order: `spec.rules[0]…pathtype` before
 * `spec.rulez`.
 */
export function decodeStrictly(root: YamlNode, shape: Struct): Decoded {
  const found: Found = { unknown: [] };
  visit(root, shape, { path: "", stack: "", struct: shape.name }, found);
  return found;
}

function visit(node: YamlNode, shape: Shape, place: Place, found: Found): void {
  if (shape.kind === "any") return;
  if (node.kind === "scalar") {
    if (node.value !== null) visitScalar(node.value, shape, place, found);
  } else if (node.kind === "list") {
    if (shape.kind !== "list") wrongType("array", shape, place, found);
    else for (const [at, item] of node.items.entries()) visit(item, shape.of, indexed(place, at), found);
  } else if (shape.kind === "struct" || shape.kind === "map") {
    for (const key of [...node.entries.keys()].sort()) visitEntry(node, key, shape, place, found);
  } else {
    wrongType("object", shape, place, found);
  }
}

function indexed(place: Place, at: number): Place {
  return { ...place, path: `${place.path}[${at}]` };
}

function visitEntry(
  node: MapNode,
  key: string,
  shape: Extract<Shape, { kind: "struct" | "map" }>,
  place: Place,
  found: Found,
): void {
  const value = node.entries.get(key)?.value;
  if (value === undefined) return;
  const path = place.path === "" ? key : `${place.path}.${key}`;
  if (shape.kind === "map") {
    visit(value, shape.of, { ...place, path }, found);
    return;
  }
  const field = shape.fields.get(key);
  const stack = place.stack === "" ? key : `${place.stack}.${key}`;
  if (field !== undefined) visit(value, field, { path, stack, struct: shape.name }, found);
  else if (shape.open === "closed") found.unknown.push(path);
}

function visitScalar(value: Scalar, shape: Shape, place: Place, found: Found): void {
  if (typeof value === "string") {
    if (shape.kind !== "string" && shape.kind !== "intOrString" && shape.kind !== "bytes")
      wrongType("string", shape, place, found);
  } else if (typeof value === "boolean") {
    if (shape.kind !== "bool") wrongType("bool", shape, place, found);
  } else if (value !== null) {
    visitNumber(value, shape, place, found);
  }
}

const LIMIT = { int32: 2n ** 31n, int64: 2n ** 63n, intOrString: 2n ** 31n } as const;

function visitNumber(value: number | bigint, shape: Shape, place: Place, found: Found): void {
  if (shape.kind !== "int32" && shape.kind !== "int64" && shape.kind !== "intOrString") {
    wrongType("number", shape, place, found);
    return;
  }
  const integer = typeof value === "bigint" ? value : Number.isInteger(value) ? BigInt(value) : undefined;
  const limit = LIMIT[shape.kind];
  if (integer === undefined || integer >= limit || integer < -limit) {
    wrongType(`number ${value}`, shape, place, found);
  }
}

/** `IntOrString` decodes itself, so its errors name no field. */
function wrongType(what: string, shape: Shape, place: Place, found: Found): void {
  const into =
    shape.kind === "intOrString"
      ? "value of type int32"
      : `struct field ${place.struct}.${place.stack} of type ${goName(shape)}`;
  const message = `json: cannot unmarshal ${what} into Go ${into}`;
  found.wrong ??= { field: place.path, message };
}
