import { asMap, type KubeObject } from "../object.ts";
import { fail } from "../status.ts";
import { jsonPatch } from "./json-patch.ts";
import { mergePatch } from "./merge-patch.ts";
import { serverSideApply } from "./server-side-apply.ts";
import { strategicMerge } from "./strategic-merge.ts";

/** The media type of server-side apply. */
export const APPLY = "application/apply-patch+yaml";

const TYPES = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
  APPLY,
];

/**
 * Applies a patch by its media type; throws 415 for a type that the API server does not take. `last` is what the same
 * manager applied before, for server-side apply.
 */
export function applyPatch(type: string, before: KubeObject, patch: unknown, last: unknown): unknown {
  switch (type) {
    case "application/json-patch+json":
      return jsonPatch(before, patch);
    case "application/merge-patch+json":
      return mergePatch(before, patch);
    case "application/strategic-merge-patch+json":
      return strategicMerge(before.kind, before, patch);
    case APPLY:
      return serverSideApply(before.kind, before, asMap(last), asMap(patch));
    default: {
      const accepted = TYPES.join(", ");
      const message = `the body of the request was in an unknown format - accepted media types include: ${accepted}`;
      throw fail(415, message);
    }
  }
}
