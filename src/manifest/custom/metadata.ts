import { child, type YamlNode } from "../../yaml/node.ts";
import { OBJECT_META } from "../meta-shape.ts";
import { finalizerFaults, ownerFaults } from "../metadata/owners.ts";
import { checkMetadata } from "../metadata.ts";
import { dns1123Subdomain } from "../names.ts";
import { metadataOf, type Report } from "../report.ts";
import { ANY, BOOL, type Shape, STRING, sliceOf, struct } from "../shape.ts";
import { type Decoded, decodeStrictly } from "../strict.ts";
import type { Fault } from "./fault.ts";
import { goJsonType, timeFault } from "./time.ts";

const UID: Shape = { kind: "string", go: "types.UID" };
const OPERATION: Shape = { kind: "string", go: "v1.ManagedFieldsOperationType" };

/** `metadata`, with the lists that it may hold. */
const METADATA = struct("v1.ObjectMeta", {
  ...Object.fromEntries(OBJECT_META.fields),
  uid: UID,
  ownerReferences: sliceOf(
    struct("v1.OwnerReference", {
      ...{ apiVersion: STRING, kind: STRING, name: STRING, uid: UID },
      ...{ controller: BOOL, blockOwnerDeletion: BOOL },
    }),
  ),
  managedFields: sliceOf(
    struct("v1.ManagedFieldsEntry", {
      ...{ manager: STRING, operation: OPERATION, apiVersion: STRING, subresource: STRING },
      ...{ time: ANY, fieldsType: STRING, fieldsV1: ANY },
    }),
  ),
});

/** Decodes `metadata`, which every kind has alike. */
export function decodeMetadata(node: YamlNode): Decoded {
  const metadata = child(node, "metadata");
  if (metadata === undefined) return { unknown: [] };
  if (metadata.kind !== "map") {
    const message = `json: cannot unmarshal ${goJsonType(metadata)} into Go value of type v1.ObjectMeta`;
    return { unknown: [], wrong: { field: "metadata", message } };
  }
  const { unknown, wrong } = decodeStrictly(metadata, METADATA);
  const first = wrongTime(metadata) ?? wrong;
  return {
    unknown: unknown.map((field) => `metadata.${field}`),
    ...(first === undefined ? {} : { wrong: { ...first, field: `metadata.${first.field}` } }),
  };
}

/** Times decode themselves, and their errors end decoding: they come before those of other fields. */
function wrongTime(metadata: YamlNode): Decoded["wrong"] {
  for (const field of ["creationTimestamp", "deletionTimestamp"]) {
    const message = timeFault(child(metadata, field), `ObjectMeta.${field}`);
    if (message !== undefined) return { field, message };
  }
  return undefined;
}

/** What is wrong with names, labels, owners and finalizers, in the API server's order. */
export function metadataFaults(report: Report): readonly Fault[] {
  const found: Report = { ...report, problems: [] };
  const { namespace: _, ...metadata } = metadataOf(report.at, report.object.kind);
  checkMetadata(found, { ...metadata, namespace: "" }, dns1123Subdomain);
  const written = child(report.at.node, "metadata");
  return [...found.problems.flatMap(faultOf), ...ownerFaults(written), ...finalizerFaults(written)];
}

function faultOf({ field = "", message }: Report["problems"][number]): readonly Fault[] {
  if (field === "metadata.namespace") return [];
  const written = message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message;
  // Of custom resources' names the API server counts bytes and says characters.
  const text = field === "metadata.name" ? written.replace(/ bytes$/, " characters") : written;
  const kind = text.startsWith("Required")
    ? "required"
    : text.startsWith("Too long")
      ? "too-long"
      : "invalid";
  return [{ kind, field, text }];
}
