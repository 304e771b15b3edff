import { fail } from "../status.ts";
import { jsonPatch } from "./json-patch.ts";
import { mergePatch } from "./merge-patch.ts";

/** Applies a patch by its media type; throws 415 for a type that the API server does not take. */
export function applyPatch(sort: string, before: unknown, patch: unknown): unknown {
  switch (sort) {
    case "application/json-patch+json":
      return jsonPatch(before, patch);
    case "application/merge-patch+json":
    case "application/strategic-merge-patch+json":
    case "application/apply-patch+yaml":
      return mergePatch(before, patch);
    default:
      throw fail(
        415,
        `the body of the request was in an unknown format - accepted media types include: ${TYPES.join(", ")}`,
      );
  }
}

const TYPES = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
  "application/apply-patch+yaml",
];
