import type { Json } from "../object.ts";
import { timestamp } from "../store.ts";
import { type FieldType, type Messages, messages } from "./messages.ts";
import { readFields } from "./wire.ts";

const MAGIC = Buffer.from("k8s\0");

/**
 * Decodes an object as `kubectl create` sends it: `k8s\0`, then an `Unknown` with the kind and the object's own bytes
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding). Throws for kinds that are not in the table.
 */
export function decodeProtobuf(bytes: Buffer): Json {
  if (!bytes.subarray(0, 4).equals(MAGIC))
    throw new Error("provided data does not appear to be a protobuf message");
  const known = messages();
  const envelope = decodeMessage(bytes.subarray(4), "Unknown", known);
  const { apiVersion = "", kind = "" } = (envelope.typeMeta ?? {}) as { apiVersion?: string; kind?: string };
  if (!known.has(kind)) throw new Error(`no protobuf table for kind ${kind}`);
  const raw = Buffer.from(String(envelope.raw ?? ""), "base64");
  return { apiVersion, kind, ...decodeMessage(raw, kind, known) };
}

function decodeMessage(bytes: Buffer, name: string, known: Messages): Json {
  const fields = known.get(name);
  if (fields === undefined) throw new Error(`no protobuf table for ${name}`);
  const result: Json = {};
  for (const { number, value } of readFields(bytes)) {
    const field = fields.get(number);
    if (field === undefined) continue;
    if (field.inline) Object.assign(result, decodeMessage(value as Buffer, field.type, known));
    else put(result, field, value, known);
  }
  return result;
}

function put(result: Json, field: FieldType, value: bigint | Buffer, known: Messages): void {
  if (field.many === "map") {
    const entry = readFields(value as Buffer);
    const key = String(entry.find((part) => part.number === 1)?.value ?? "");
    const held = entry.find((part) => part.number === 2)?.value ?? Buffer.alloc(0);
    result[field.name] = {
      ...(result[field.name] as Json | undefined),
      [key]: decodeValue(field.type, held, known),
    };
    return;
  }
  const decoded = decodeValue(field.type, value, known);
  if (field.many === "list") {
    result[field.name] = [...((result[field.name] as unknown[] | undefined) ?? []), decoded];
  } else if (field.kept || !isEmpty(decoded)) {
    result[field.name] = decoded;
  }
}

function decodeValue(type: string, value: bigint | Buffer, known: Messages): unknown {
  switch (type) {
    case "string":
      return String(value);
    case "bytes":
      return (value as Buffer).toString("base64");
    case "int":
      return Number(BigInt.asIntN(64, value as bigint));
    case "bool":
      return value !== 0n;
    case "Time": {
      const { seconds = 0 } = decodeMessage(value as Buffer, type, new Map([[type, SECONDS]]));
      return seconds === 0 ? undefined : timestamp(new Date(Number(seconds) * 1000));
    }
    case "IntOrString": {
      const { type: sort, intVal, strVal } = decodeMessage(value as Buffer, type, known);
      return sort === 1 ? (strVal ?? "") : (intVal ?? 0);
    }
    default:
      return decodeMessage(value as Buffer, type, known);
  }
}

const SECONDS = new Map([
  [1, { name: "seconds", type: "int", many: "one", inline: false, kept: false } as const],
]);

/** Values that Go omits from JSON. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === "" || value === 0 || value === false) return true;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
