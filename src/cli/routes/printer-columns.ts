import { printable } from "../../../ui/printable.ts";
import { type Json, type JsonObject, jsonFields, jsonItems, jsonString } from "../../model/json.ts";
import type { ObjectStatus } from "../../model/object-status.ts";
import type { CustomResource } from "../../model/resource.ts";
import { columns } from "../forms/columns.ts";

interface Shown {
  readonly spec: JsonObject;
  readonly status: JsonObject;
}

type Column = readonly [title: string, value: (shown: Shown) => Json | undefined];

const HOSTNAMES: Column = ["HOSTNAMES", ({ spec }) => spec.hostnames && JSON.stringify(spec.hostnames)];

/** `additionalPrinterColumns` of the CustomResourceDefinitions but AGE. Traefik's have none: what a route is about stands there. */
const COLUMNS: ReadonlyMap<string, readonly Column[]> = new Map<string, readonly Column[]>([
  [
    "HTTPProxy",
    [
      ["FQDN", ({ spec }) => jsonFields(spec.virtualhost).fqdn],
      ["TLS SECRET", ({ spec }) => jsonFields(jsonFields(spec.virtualhost).tls).secretName],
      ["STATUS", ({ status }) => status.currentStatus],
      ["STATUS DESCRIPTION", ({ status }) => status.description],
    ],
  ],
  [
    "GatewayClass",
    [
      ["CONTROLLER", ({ spec }) => spec.controllerName],
      ["ACCEPTED", ({ status }) => conditionOf(status, "Accepted")],
    ],
  ],
  [
    "Gateway",
    [
      ["CLASS", ({ spec }) => spec.gatewayClassName],
      ["ADDRESS", addresses],
      ["PROGRAMMED", ({ status }) => conditionOf(status, "Programmed")],
    ],
  ],
  ["HTTPRoute", [HOSTNAMES]],
  ["GRPCRoute", [HOSTNAMES]],
  ["IngressRoute", [["MATCH", matches]]],
  ["IngressRouteTCP", [["MATCH", matches]]],
]);

function conditionOf({ conditions }: JsonObject, type: string): Json | undefined {
  return jsonItems(conditions)
    .map(jsonFields)
    .find((condition) => condition.type === type)?.status;
}

/** Empty where nobody has assigned one, as there. */
function addresses({ status }: Shown): string {
  return jsonItems(status.addresses)
    .flatMap((address) => jsonString(jsonFields(address).value) ?? [])
    .join(",");
}

function matches({ spec }: Shown): string {
  return jsonItems(spec.routes)
    .flatMap((route) => jsonString(jsonFields(route).match) ?? [])
    .join(", ");
}

/** A table for each kind, as `kubectl get KIND -A` prints it. */
export function printerTables(
  custom: readonly CustomResource[],
  statuses: readonly ObjectStatus[],
): readonly string[] {
  const keyOf = (kind: string, namespace: string, name: string) => `${kind} ${namespace}/${name}`;
  const byObject = new Map(
    statuses.map(({ object, status }) => [keyOf(object.kind, object.namespace, object.name), status]),
  );
  return [...COLUMNS].flatMap(([kind, of]) => {
    const rows = custom
      .filter((each) => each.kind === kind)
      .map(({ metadata: { namespace, name }, spec }) => {
        const status = byObject.get(keyOf(kind, namespace, name)) ?? {};
        const cells = of.map(([, value]) => String(value({ spec, status }) ?? ""));
        return [...(namespace === "" ? [] : [namespace]), name, ...cells].map(printable).join("\t");
      });
    if (rows.length === 0) return [];
    const place = custom.some((each) => each.kind === kind && each.metadata.namespace !== "");
    const header = [...(place ? ["NAMESPACE"] : []), "NAME", ...of.map(([title]) => title)].join("\t");
    return [`${kind}\n${columns([header, ...rows]).join("\n")}\n`];
  });
}
