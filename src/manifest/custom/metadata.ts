import { booleanAt, child, itemsAt, stringAt, type YamlNode } from "../../yaml/node.ts";
import { OBJECT_META } from "../meta-shape.ts";
import { checkMetadata } from "../metadata.ts";
import { dns1123Subdomain, qualifiedName } from "../names.ts";
import { metadataOf, type Report } from "../report.ts";
import { ANY, BOOL, type Shape, STRING, sliceOf, struct } from "../shape.ts";
import { type Decoded, decodeStrictly } from "../strict.ts";
import { type Fault, invalid } from "./fault.ts";
import { goJsonType, timeFault } from "./time.ts";
import { goJson, valueOfNode } from "./value.ts";

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

/** Decodes `metadata`, which every kind has alike. The first of wrong types and times counts, by name. */
export function decodeMetadata(node: YamlNode): Decoded {
  const metadata = child(node, "metadata");
  if (metadata === undefined) return { unknown: [] };
  if (metadata.kind !== "map") {
    const message = `json: cannot unmarshal ${goJsonType(metadata)} into Go value of type v1.ObjectMeta`;
    return { unknown: [], wrong: { field: "metadata", message } };
  }
  const { unknown, wrong } = decodeStrictly(metadata, METADATA);
  const wrongs = wrong === undefined ? [] : [wrong];
  for (const field of ["creationTimestamp", "deletionTimestamp"]) {
    const message = timeFault(child(metadata, field));
    if (message !== undefined) wrongs.push({ field, message });
  }
  const [first] = wrongs.sort((a, b) => (a.field < b.field ? -1 : 1));
  return {
    unknown: unknown.map((field) => `metadata.${field}`),
    ...(first === undefined ? {} : { wrong: { ...first, field: `metadata.${first.field}` } }),
  };
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

function ownerFaults(metadata: YamlNode | undefined): readonly Fault[] {
  const field = "metadata.ownerReferences";
  const owners = itemsAt(metadata, "ownerReferences");
  let controller: string | undefined;
  return owners.flatMap((owner) => {
    const missing = (key: string) => (stringAt(owner, key) ?? "") === "";
    const faults = [
      ...(missing("apiVersion") ? [invalid(`${field}.apiVersion`, "", "version must not be empty")] : []),
      ...["kind", "name", "uid"]
        .filter(missing)
        .map((key) => invalid(`${field}.${key}`, "", "must not be empty")),
    ];
    if (booleanAt(owner, "controller") !== true) return faults;
    const name = `${stringAt(owner, "kind") ?? ""}/${stringAt(owner, "name") ?? ""}`;
    if (controller === undefined) controller = name;
    else faults.push(twoControllers(field, owners, controller, name));
    return faults;
  });
}

/** The fields of an owner in the order in which Go writes them. */
const OWNER_FIELDS = ["apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion"];

function twoControllers(field: string, owners: readonly YamlNode[], one: string, other: string): Fault {
  const written = owners.map((owner) => {
    const parts = OWNER_FIELDS.flatMap((key) => {
      const node = child(owner, key);
      const value = node === undefined ? (OWNER_FIELDS.indexOf(key) < 4 ? "" : undefined) : valueOfNode(node);
      return value === undefined ? [] : [`${goJson(key)}:${goJson(value)}`];
    });
    return `{${parts.join(",")}}`;
  });
  const detail = `Only one reference can have Controller set to true. Found "true" in references for ${one} and ${other}`;
  return { kind: "invalid", field, text: `Invalid value: [${written.join(",")}]: ${detail}` };
}

function finalizerFaults(metadata: YamlNode | undefined): readonly Fault[] {
  return itemsAt(metadata, "finalizers").flatMap((item) => {
    const name = item.kind === "scalar" && typeof item.value === "string" ? item.value : "";
    return qualifiedName(name).map((fault) => invalid("metadata.finalizers", name, fault));
  });
}
