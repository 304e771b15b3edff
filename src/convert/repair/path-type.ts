import { closest } from "../../closest.ts";
import { replaceText } from "../entries.ts";
import { DEFAULT_PATH_TYPE, pathTypeEdits } from "../path-type.ts";
import { scalarNode, valueAt, withKey, withValueAt } from "../tree-changes.ts";
import type { DraftRepair } from "./drafts.ts";
import { fieldPlace } from "./place.ts";

const PATH_TYPES = ["Exact", "ImplementationSpecific", "Prefix"];

export const repairMissingPathType: DraftRepair = (document, { node, items }, { field = "" }) => {
  const { place } = fieldPlace(node, field.replace(/\.pathType$/, ""));
  const path = document.mapOf(document.nodeAt(items, place));
  if (path === undefined) return [];
  return [
    {
      field,
      what: `${DEFAULT_PATH_TYPE} added`,
      edits: pathTypeEdits(document, path),
      change: (object) =>
        withValueAt(object, place, (value) => withKey(value, "pathType", DEFAULT_PATH_TYPE)),
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
