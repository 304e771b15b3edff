import { booleanAt, child, itemsAt, stringAt, type YamlNode } from "../../yaml/node.ts";
import { type Fault, invalid } from "../custom/fault.ts";
import { goJson, valueOfNode } from "../custom/value.ts";
import { qualifiedName } from "../names.ts";

/** Faults of owners (apimachinery `pkg/api/validation/objectmeta.go`). */
export function ownerFaults(metadata: YamlNode | undefined): readonly Fault[] {
  const field = "metadata.ownerReferences";
  const owners = itemsAt(metadata, "ownerReferences");
  let controller: string | undefined;
  return owners.flatMap((owner) => {
    const apiVersion = stringAt(owner, "apiVersion") ?? "";
    const kind = stringAt(owner, "kind") ?? "";
    const faults = hasVersion(apiVersion)
      ? []
      : [invalid(`${field}.apiVersion`, apiVersion, "version must not be empty")];
    for (const key of ["kind", "name", "uid"]) {
      if ((stringAt(owner, key) ?? "") === "") {
        faults.push(invalid(`${field}.${key}`, "", "must not be empty"));
      }
    }
    if (apiVersion === "v1" && kind === "Event") {
      faults.push(invalidJson(field, goOwner(owner), "/v1, Kind=Event is disallowed from being an owner"));
    }
    if (booleanAt(owner, "controller") !== true) return faults;
    const name = `${kind}/${stringAt(owner, "name") ?? ""}`;
    if (controller === undefined) controller = name;
    else faults.push(twoControllers(field, owners, controller, name));
    return faults;
  });
}

/** `GROUP/VERSION` or `VERSION`. */
function hasVersion(apiVersion: string): boolean {
  const parts = apiVersion.split("/");
  return parts.length <= 2 && parts.at(-1) !== "";
}

/** The fields of an owner in the order in which Go writes them. */
const OWNER_FIELDS = ["apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion"];

function goOwner(owner: YamlNode): string {
  const parts = OWNER_FIELDS.flatMap((key) => {
    const node = child(owner, key);
    const value = node === undefined ? (OWNER_FIELDS.indexOf(key) < 4 ? "" : undefined) : valueOfNode(node);
    return value === undefined ? [] : [`${goJson(key)}:${goJson(value)}`];
  });
  return `{${parts.join(",")}}`;
}

function twoControllers(field: string, owners: readonly YamlNode[], one: string, other: string): Fault {
  const detail = `Only one reference can have Controller set to true. Found "true" in references for ${one} and ${other}`;
  return invalidJson(field, `[${owners.map(goOwner).join(",")}]`, detail);
}

function invalidJson(field: string, json: string, detail: string): Fault {
  return { kind: "invalid", field, text: `Invalid value: ${json}: ${detail}` };
}

function finalizersOf(metadata: YamlNode | undefined): readonly string[] {
  return itemsAt(metadata, "finalizers").map((item) =>
    item.kind === "scalar" && typeof item.value === "string" ? item.value : "",
  );
}

const STANDARD: ReadonlySet<string> = new Set("kubernetes orphan foregroundDeletion".split(" "));

/** Kubernetes' own kinds take no finalizer without a domain but its own (kubernetes `pkg/apis/core/validation`). */
export function unqualifiedFinalizers(metadata: YamlNode | undefined): readonly Fault[] {
  return finalizersOf(metadata).flatMap((name, at) => {
    if (name.includes("/") || STANDARD.has(name)) return [];
    const detail = "name is neither a standard finalizer name nor is it fully qualified";
    return [invalid(`metadata.finalizers[${at}]`, name, detail)];
  });
}

/** Names, and two that exclude each other. */
export function finalizerFaults(metadata: YamlNode | undefined): readonly Fault[] {
  const field = "metadata.finalizers";
  const names = finalizersOf(metadata);
  const faults = names.flatMap((name) => qualifiedName(name).map((fault) => invalid(field, name, fault)));
  if (!names.includes("orphan") || !names.includes("foregroundDeletion")) return faults;
  return [...faults, invalid(field, names, "finalizer orphan and foregroundDeletion cannot be both set")];
}
