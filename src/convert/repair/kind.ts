import { kindMeant } from "../../manifest/kinds.ts";
import { replaceText } from "../entries.ts";
import { scalarNode, withValueAt } from "../tree-changes.ts";
import type { DraftRepair } from "./drafts.ts";

/** `kind: ingress` → `Ingress`, where only the case differs. */
export const repairKind: DraftRepair = (document, { items, kind, apiVersion }) => {
  const meant = kindMeant(apiVersion, kind);
  const written = document.at(items, ["kind"]);
  if (meant === undefined || written === undefined) return [];
  return [
    {
      field: "kind",
      what: `${kind} → ${meant}`,
      edits: [replaceText(document, written, kind, meant)],
      change: (object) => withValueAt(object, ["kind"], () => scalarNode(meant)),
    },
  ];
};
