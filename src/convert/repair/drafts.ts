import type { Problem } from "../../model/problem.ts";
import type { YamlNode } from "../../yaml/node.ts";
import type { Edit } from "../edit.ts";
import type { WrittenDocument } from "../written.ts";
import { repairHost } from "./host.ts";
import { repairKind } from "./kind.ts";
import type { FoundObject } from "./objects.ts";
import { repairMissingPathType, repairPathType } from "./path-type.ts";
import { repairUnknownFields } from "./unknown-field.ts";
import { repairType } from "./wrong-type.ts";

/** A repair that would end a problem. */
export interface Draft {
  readonly field: string;
  /** `prefix → Prefix` */
  readonly what: string;
  /** The first one's place is the repair's. */
  readonly edits: readonly Edit[];
  /** The object that the edits must come to. */
  readonly change: (object: YamlNode) => YamlNode;
}

export type DraftRepair = (
  document: WrittenDocument,
  found: FoundObject,
  problem: Problem,
) => readonly Draft[];

/** By the code of the problem. */
const REPAIRS: Readonly<Record<string, DraftRepair>> = {
  "unknown-kind": repairKind,
  "unknown-field": repairUnknownFields,
  "wrong-type": repairType,
  "missing-path-type": repairMissingPathType,
  "invalid-path-type": repairPathType,
  "invalid-host": repairHost,
  "invalid-tls": repairHost,
};

export const draftsFor: DraftRepair = (document, found, problem) =>
  REPAIRS[problem.code]?.(document, found, problem) ?? [];
