import { closest } from "../../closest.ts";
import { type Shape, type Struct, struct } from "../../manifest/decode/shape.ts";
import { decodeStrictly } from "../../manifest/decode/strict.ts";
import { NOTHING_REPEATED, type YamlNode } from "../../yaml/node.ts";
import { serviceEdits } from "../backend.ts";
import { renameKey } from "../entries.ts";
import { convertedBackend } from "../meaning.ts";
import { type FieldPlace, valueAt, withRenamedKey, withValueAt } from "../tree-changes.ts";
import type { WrittenDocument } from "../written.ts";
import type { Draft, DraftRepair } from "./drafts.ts";
import type { FoundObject } from "./objects.ts";
import { fieldPlace, shapeAt } from "./place.ts";

const NAMED = /unknown field "([^"]+)"/g;

/** Every field that the message names: misspelt ones, and those of old versions in an Ingress of the new one. */
export const repairUnknownFields: DraftRepair = (document, found, { message }) => {
  const drafts = [...message.matchAll(NAMED)].flatMap(([, field = ""]) =>
    repairField(document, found, field),
  );
  // Both names of a backend ask for the same.
  return [...new Map(drafts.map((draft) => [`${draft.edits[0]?.from} ${draft.what}`, draft])).values()];
};

function repairField(document: WrittenDocument, found: FoundObject, field: string): readonly Draft[] {
  const { node, known, apiVersion } = found;
  const { place, rest } = fieldPlace(node, field);
  const key = place.at(-1);
  const above = place.slice(0, -1);
  const holder = valueAt(node, above);
  if (rest !== "" || typeof key !== "string" || holder?.kind !== "map" || known === undefined) return [];
  const shape = shapeAt(known.shape(apiVersion), above);
  if (shape?.kind !== "struct") return [];
  if (shape.go === "v1.IngressBackend" && /^service(?:Name|Port)$/.test(key)) {
    return serviceDrafts(document, found, above, field);
  }
  const meant = meantField(holder.entries, key, shape);
  const entry = document.at(found.items, place)?.entry;
  if (meant === undefined || entry === undefined) return [];
  return [
    {
      field,
      what: `${key} → ${meant}`,
      edits: [renameKey(entry, meant)],
      change: (object) => withValueAt(object, above, (value) => withRenamedKey(value, key, meant)),
    },
  ];
}

/** One that is near, is not there yet, and takes the value. */
function meantField(
  entries: ReadonlyMap<string, { readonly value: YamlNode }>,
  key: string,
  shape: Struct,
): string | undefined {
  const free = [...shape.fields].filter(([name]) => !entries.has(name));
  const isOldBackend = key === "backend" && shape.go === "v1.IngressSpec";
  const meant = isOldBackend
    ? "defaultBackend"
    : closest(
        key,
        free.map(([name]) => name),
      );
  const value = entries.get(key)?.value;
  const taken = free.find(([name]) => name === meant)?.[1];
  return taken !== undefined && value !== undefined && takes(taken, value) ? meant : undefined;
}

function takes(shape: Shape, value: YamlNode): boolean {
  const entries = new Map([["field", { line: 0, value }]]);
  const holder: YamlNode = { kind: "map", line: 0, entries, repeated: NOTHING_REPEATED };
  return decodeStrictly(holder, struct("v1.Field", { field: shape })).wrong === undefined;
}

function serviceDrafts(
  document: WrittenDocument,
  { node, items }: FoundObject,
  place: FieldPlace,
  field: string,
): readonly Draft[] {
  const backend = document.mapOf(document.nodeAt(items, place));
  const above = document.mapOf(document.nodeAt(items, place.slice(0, -1)));
  const holder = valueAt(node, place);
  if (backend === undefined || above === undefined || holder?.kind !== "map") return [];
  if (holder.entries.has("service")) return [];
  return [
    {
      field: field.replace(/\.[^.]*$/, ""),
      what: "serviceName, servicePort → service",
      edits: serviceEdits(document, above, backend),
      change: (object) => withValueAt(object, place, convertedBackend),
    },
  ];
}
