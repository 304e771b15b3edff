import { scalarNode, valueAt, withValueAt } from "../tree-changes.ts";
import type { DraftRepair } from "./drafts.ts";
import { fieldPlace, shapeAt } from "./place.ts";

const PLAIN = /^[A-Za-z0-9_.+-]+$/;
/** No sign, no leading zero: read in the same way by everybody. */
const DECIMAL = /^(?:0|[1-9]\d{0,8})$/;

/** `true` → `"true"` where the API has a text; `"80"` → `80` where it has a number. The text itself stays. */
export const repairType: DraftRepair = (document, found, { field = "" }) => {
  const { node, items, known, apiVersion } = found;
  const { place, rest } = fieldPlace(node, field);
  const value = valueAt(node, place);
  const written = document.at(items, place);
  if (rest !== "" || written === undefined || value?.kind !== "scalar" || known === undefined) return [];
  const shape = shapeAt(known.shape(apiVersion), place);
  const source = document.text.slice(written.from, written.to);
  const meant = (text: string, fresh: string | number) => [
    {
      field,
      what: `${source} → ${text}`,
      edits: [{ from: written.from, to: written.to, text }],
      change: (object: typeof node) => withValueAt(object, place, () => scalarNode(fresh)),
    },
  ];
  // A port's name cannot be a number, in quotes or without.
  const isPortName = place.at(-1) === "name" && place.at(-2) === "port";
  if (shape?.kind === "string" && typeof value.value !== "string" && PLAIN.test(source) && !isPortName) {
    return meant(`"${source}"`, source);
  }
  const text = value.value;
  if (shape?.kind === "int32" && typeof text === "string" && DECIMAL.test(text)) {
    return source === `"${text}"` || source === `'${text}'` ? meant(text, Number(text)) : [];
  }
  return [];
};
