import { closest } from "../../closest.ts";
import { replaceText } from "../entries.ts";
import { pathTypeEdits } from "../path-type.ts";
import type { DraftRepair } from "./drafts.ts";
import { fieldPlace, scalarNode, valueAt, withKey, withValueAt } from "./place.ts";

const PATH_TYPES = ["Exact", "ImplementationSpecific", "Prefix"];
/** What old versions took a path without one for. */
const DEFAULT = "ImplementationSpecific";

export const repairMissingPathType: DraftRepair = (document, { node, items }, { field = "" }) => {
  const { place } = fieldPlace(node, field.replace(/\.pathType$/, ""));
  const path = document.mapOf(document.nodeAt(items, place));
  if (path === undefined) return [];
  return [
    {
      field,
      what: `${DEFAULT} added`,
      edits: pathTypeEdits(document, path),
      change: (object) => withValueAt(object, place, (value) => withKey(value, "pathType", DEFAULT)),
    },
  ];
};

/** `prefix` → `Prefix`, and slips of one or two letters. */
export const repairPathType: DraftRepair = (document, { node, items }, { field = "" }) => {
  const { place, rest } = fieldPlace(node, field);
  const value = valueAt(node, place);
  const written = document.at(items, place);
  if (rest !== "" || written === undefined || value?.kind !== "scalar") return [];
  if (typeof value.value !== "string") return [];
  const type = value.value;
  const meant = closest(type, PATH_TYPES);
  if (meant === undefined) return [];
  return [
    {
      field,
      what: `${type} → ${meant}`,
      edits: [replaceText(document, written, type, meant)],
      change: (object) => withValueAt(object, place, () => scalarNode(meant)),
    },
  ];
};
