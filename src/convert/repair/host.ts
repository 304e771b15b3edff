import { dns1123Subdomain, isIpAddress, wildcardSubdomain } from "../../manifest/names.ts";
import { replaceText } from "../entries.ts";
import { scalarNode, valueAt, withValueAt } from "../tree-changes.ts";
import type { DraftRepair } from "./drafts.ts";
import { fieldPlace } from "./place.ts";

/** `Shop.Test.` → `shop.test`: the same name, as the API server takes it. Other mistakes in hosts are the user's to mend. */
export const repairHost: DraftRepair = (document, { node, items }, { field = "" }) => {
  const { place, rest } = fieldPlace(node, field);
  const value = valueAt(node, place);
  const written = document.at(items, place);
  const isHost = place.at(-1) === "host" || place.at(-2) === "hosts";
  if (rest !== "" || !isHost || written === undefined || value?.kind !== "scalar") return [];
  if (typeof value.value !== "string") return [];
  const host = value.value;
  const meant = host.toLowerCase().replace(/\.$/, "");
  const faults = meant.includes("*") ? wildcardSubdomain(meant) : dns1123Subdomain(meant);
  if (meant === host || faults.length > 0 || isIpAddress(meant)) return [];
  return [
    {
      field,
      what: `${host} → ${meant}`,
      edits: [replaceText(document, written, host, meant)],
      change: (object) => withValueAt(object, place, () => scalarNode(meant)),
    },
  ];
};
