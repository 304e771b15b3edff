import type { Edit } from "./edit.ts";
import { fillValue, insertAfter, insertFirst } from "./entries.ts";
import { NotEdited, type WrittenDocument, type WrittenMap } from "./written.ts";

const NAME = "pathType";
/** The old versions' default. */
export const DEFAULT_PATH_TYPE = "ImplementationSpecific";

/** Gives a path its `pathType`: behind `path`, or first where there is none. */
export function pathTypeEdits(document: WrittenDocument, path: WrittenMap): readonly Edit[] {
  const type = document.entry(path, NAME);
  if (type !== undefined) return [fillValue(document, type, DEFAULT_PATH_TYPE)];
  const [at] = document.ownEntries(path, "path").slice(-1);
  if (at === undefined) return [insertFirst(document, path, NAME, DEFAULT_PATH_TYPE)];
  if (at.node !== undefined && document.scalarOf(at.node) === undefined) {
    throw new NotEdited("a path is no text", at.value.from);
  }
  return insertAfter(document, at, NAME, DEFAULT_PATH_TYPE);
}
