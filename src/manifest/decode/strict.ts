import type { MapNode, Scalar, YamlNode } from "../../yaml/node.ts";
import { goName, type Shape, type Struct } from "./shape.ts";
import { timeFault } from "./time.ts";

/** Results of strict decoding, in the API server's order. */
export interface Decoded {
  readonly unknown: readonly string[];
  /** The first wrong type; it ends decoding before unknown fields are reported. */
  readonly wrong?: { readonly field: string; readonly message: string } | undefined;
}

interface Found {
  readonly unknown: string[];
  wrong?: { readonly field: string; readonly message: string };
  /** A type that decodes itself ends decoding with its error, which comes before those of others. */
  ended?: { readonly field: string; readonly message: string };
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
  if (fits(root, shape)) return NOTHING_WRONG;
  const found: Found = { unknown: [] };
  visit(root, shape, { path: "", stack: "", struct: shape.name }, found);
  return { unknown: found.unknown, wrong: found.ended ?? found.wrong };
}

const NOTHING_WRONG: Decoded = { unknown: [] };

/** True for what decodes without a fault, as nearly everything does: it takes no paths and no order. */
function fits(node: YamlNode, shape: Shape): boolean {
  if (shape.kind === "any") return true;
  if (shape.kind === "time") return timeFault(node, "") === undefined;
  if (node.kind === "scalar") return node.value === null || scalarFits(node.value, shape);
  if (node.kind === "list") return shape.kind === "list" && node.items.every((item) => fits(item, shape.of));
  if (shape.kind !== "struct" && shape.kind !== "map") return false;
  for (const [key, { value }] of node.entries) {
    const field = shape.kind === "map" ? shape.of : shape.fields.get(key);
    if (field === undefined ? shape.kind === "struct" && shape.open === "closed" : !fits(value, field))
      return false;
  }
  return true;
}

function scalarFits(value: NonNullable<Scalar>, { kind }: Shape): boolean {
  if (typeof value === "string") return kind === "string" || kind === "intOrString" || kind === "bytes";
  if (typeof value === "boolean") return kind === "bool";
  return (kind === "int32" || kind === "int64" || kind === "intOrString") && isWithin(value, kind);
}

function visit(node: YamlNode, shape: Shape, place: Place, found: Found): void {
  if (shape.kind === "any") return;
  if (shape.kind === "time") {
    const message = timeFault(node, `${place.struct}.${place.stack}`);
    if (message !== undefined) found.ended ??= { field: place.path, message };
  } else if (node.kind === "scalar") {
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
  const embedded = shape.embedded?.get(key);
  const name = embedded === undefined ? key : `${embedded}.${key}`;
  const stack = place.stack === "" ? name : `${place.stack}.${name}`;
  if (field !== undefined) visit(value, field, { path, stack, struct: shape.name }, found);
  else if (shape.open === "closed") found.unknown.push(path);
}

function visitScalar(value: NonNullable<Scalar>, shape: Shape, place: Place, found: Found): void {
  if (scalarFits(value, shape)) return;
  if (typeof value === "string") wrongType("string", shape, place, found);
  else if (typeof value === "boolean") wrongType("bool", shape, place, found);
  else {
    const isNumeric = shape.kind === "int32" || shape.kind === "int64" || shape.kind === "intOrString";
    wrongType(isNumeric ? `number ${value}` : "number", shape, place, found);
  }
}

const LIMIT = { int32: 2n ** 31n, int64: 2n ** 63n, intOrString: 2n ** 31n } as const;

function isWithin(value: number | bigint, kind: keyof typeof LIMIT): boolean {
  const integer = typeof value === "bigint" ? value : Number.isInteger(value) ? BigInt(value) : undefined;
  return integer !== undefined && integer < LIMIT[kind] && integer >= -LIMIT[kind];
}

/** `IntOrString` decodes itself. */
function wrongType(what: string, shape: Shape, place: Place, found: Found): void {
  const isOwn = shape.kind === "intOrString";
  const type = isOwn ? "int32" : goName(shape);
  const message = `json: cannot unmarshal ${what} into Go struct field ${place.struct}.${place.stack} of type ${type}`;
  if (isOwn) found.ended ??= { field: place.path, message };
  else found.wrong ??= { field: place.path, message };
}
