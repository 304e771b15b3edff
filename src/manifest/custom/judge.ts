import { setDefaults } from "./defaults.ts";
import { blocksRules, type Fault, invalid } from "./fault.ts";
import { listFaults } from "./list-types.ts";
import { ruleFaults } from "./rules.ts";
import type { CustomVersion } from "./schema.ts";
import { unknownFields } from "./unknown-fields.ts";
import { schemaFaults } from "./validate.ts";
import type { CustomFields } from "./value.ts";

/** What the API server comes to; each stage ends it. */
export type Judged =
  /** Sorted. */
  | { readonly kind: "unknown-fields"; readonly fields: readonly string[] }
  | { readonly kind: "no-namespace"; readonly message: string }
  | { readonly kind: "faulty"; readonly faults: readonly Fault[] }
  | { readonly kind: "accepted" };

/** What is said of `metadata`, which all kinds have alike. */
export interface MetadataJudge {
  readonly unknown: readonly string[];
  /** Why the namespace cannot exist. */
  missing(): string | undefined;
  faults(): readonly Fault[];
}

/** Said last where rules were left out. */
export const NOT_CHECKED =
  "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";

/** Judges an object as the API server does when it is created, and sets its defaults. */
export function judgeObject(object: CustomFields, version: CustomVersion, metadata: MetadataJudge): Judged {
  const { schema } = version;
  const unknown = [...metadata.unknown];
  unknownFields(new Map([...object].filter(([key]) => key !== "metadata")), schema, "", unknown);
  if (unknown.length > 0) return { kind: "unknown-fields", fields: unknown.sort() };
  const message = metadata.missing();
  if (message !== undefined) return { kind: "no-namespace", message };
  // A new object has the status that its controller gives it.
  object.delete("status");
  setDefaults(object, schema);
  const faults = [...metadata.faults(), ...schemaFaults(object, schema)];
  listFaults(object, schema, "", faults);
  addRuleFaults(object, version, faults);
  return faults.length === 0 ? { kind: "accepted" } : { kind: "faulty", faults };
}

/** A kind in another spelling: its fields are neither decoded strictly, nor given defaults, nor compared with the schema. */
export function judgeMisspelt(object: CustomFields, version: CustomVersion, fault: Fault): readonly Fault[] {
  const faults = [fault];
  object.delete("status");
  listFaults(object, version.schema, "", faults);
  addRuleFaults(object, version, faults);
  return faults;
}

function addRuleFaults(object: CustomFields, { schema, hasRules }: CustomVersion, faults: Fault[]): void {
  if (!hasRules) return;
  if (faults.some(blocksRules)) faults.push(invalid("", null, NOT_CHECKED));
  else for (const fault of ruleFaults(object, schema)) faults.push(fault);
}
