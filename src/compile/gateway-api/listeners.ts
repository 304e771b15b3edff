import {
  type Json,
  type JsonObject,
  jsonFields,
  jsonItems,
  jsonNumber,
  jsonString,
} from "../../model/json.ts";
import type { CustomResource } from "../../model/resource.ts";
import { GATEWAY_GROUP } from "./facts.ts";
import { certificatesOf, type ListenerCertificates } from "./listeners/certificates.ts";
import { type ClientValidation, clientValidationOf } from "./listeners/client-validation.ts";
import { type ListenerConflict, withoutConflicts } from "./listeners/conflicts.ts";
import { isSelected } from "./listeners/selected.ts";
import type { GatewayObjects } from "./objects.ts";

/** A port of a Gateway, written in it or in one of its ListenerSets. */
export interface GatewayListener {
  readonly gateway: CustomResource;
  readonly owner: CustomResource;
  /** `spec.listeners[0]` of its owner. */
  readonly field: string;
  readonly name: string;
  /** Other names that routes have for a listener of an assumed Gateway. */
  readonly alsoNamed?: ReadonlySet<string> | undefined;
  readonly port: number;
  readonly protocol: string;
  /** Lower case. default: every host */
  readonly hostname: string | undefined;
  /** Kinds of routes that may attach. */
  readonly kinds: readonly string[];
  /** Named kinds that its protocol does not know. */
  readonly badKinds: readonly string[];
  /** A named kind is of another group than Gateway API's. */
  readonly hasBadGroup: boolean;
  /** `allowedRoutes.namespaces` */
  readonly namespaces: Json | undefined;
  /** "none": it lacks the `tls` that its protocol needs. */
  readonly tls: "plain" | "none" | "passthrough" | ListenerCertificates;
  /** Of HTTPS. default: clients need no certificate */
  readonly clients: ClientValidation | undefined;
  /** Without a conflict, a missing certificate, and whatever else keeps it from the data plane. */
  readonly served: boolean;
  /** default: it has its port, or it is not served for another reason */
  readonly conflict?: ListenerConflict | undefined;
}

const KINDS: ReadonlyMap<string, readonly string[]> = new Map([
  ["HTTP", ["HTTPRoute", "GRPCRoute"]],
  ["HTTPS", ["HTTPRoute", "GRPCRoute"]],
  ["TLS", ["TCPRoute", "TLSRoute"]],
  ["TCP", ["TCPRoute"]],
  ["UDP", ["UDPRoute"]],
]);

/** The kinds that a protocol knows. */
export function kindsFor(protocol: string, isPassthrough: boolean): readonly string[] {
  return protocol === "TLS" && isPassthrough ? ["TLSRoute"] : (KINDS.get(protocol) ?? []);
}

/** The ListenerSets of a Gateway, with whether it lets them in. */
export function listenerSetsOf(
  gateway: CustomResource,
  objects: GatewayObjects,
): readonly { readonly set: CustomResource; readonly isAllowed: boolean }[] {
  const { namespace: own, name } = gateway.metadata;
  const allowed = jsonFields(gateway.spec.allowedListeners).namespaces;
  return objects.all("ListenerSet").flatMap((set) => {
    const parent = jsonFields(set.spec.parentRef);
    const { namespace } = set.metadata;
    if (parent.name !== name || (parent.namespace ?? namespace) !== own) return [];
    return [{ set, isAllowed: isSelected(allowed, { own, namespace, otherwise: "None" }, objects) }];
  });
}

/** All listeners of a Gateway, its own first. */
export function gatewayListeners(
  gateway: CustomResource,
  objects: GatewayObjects,
): readonly GatewayListener[] {
  const sets = listenerSetsOf(gateway, objects).flatMap(({ set, isAllowed }) => (isAllowed ? [set] : []));
  const written = [gateway, ...sets].flatMap((owner) =>
    jsonItems(owner.spec.listeners).map((item, at) =>
      listenerOf(jsonFields(item), { gateway, owner, field: `spec.listeners[${at}]` }, objects),
    ),
  );
  return withoutConflicts(written);
}

function listenerOf(
  fields: JsonObject,
  { gateway, owner, field }: Pick<GatewayListener, "gateway" | "owner" | "field">,
  objects: GatewayObjects,
): GatewayListener {
  const protocol = jsonString(fields.protocol) ?? "";
  const tls = tlsOf(protocol, fields.tls, owner, objects);
  const allowed = jsonFields(fields.allowedRoutes);
  const port = jsonNumber(fields.port) ?? 0;
  const clients = protocol === "HTTPS" ? clientValidationOf(gateway, port, objects) : undefined;
  const known = kindsFor(protocol, tls === "passthrough");
  const written = jsonItems(allowed.kinds).map(jsonFields);
  const ofGroup = written.filter(({ group }) => (group ?? GATEWAY_GROUP) === GATEWAY_GROUP);
  const hasBadGroup = ofGroup.length < written.length;
  const named = ofGroup.map(({ kind }) => jsonString(kind) ?? "");
  const badKinds = named.filter((kind) => !known.includes(kind));
  return {
    ...{ gateway, owner, field, protocol, port, tls, clients, badKinds, hasBadGroup },
    name: jsonString(fields.name) ?? "",
    hostname: jsonString(fields.hostname)?.toLowerCase() || undefined,
    kinds: written.length === 0 ? known : named.filter((kind) => known.includes(kind)),
    namespaces: allowed.namespaces,
    served: known.length > 0 && badKinds.length === 0 && !hasBadGroup && hasTls(tls) && clients?.pem !== "",
  };
}

function tlsOf(
  protocol: string,
  tls: Json | undefined,
  owner: CustomResource,
  objects: GatewayObjects,
): GatewayListener["tls"] {
  if (protocol !== "HTTPS" && protocol !== "TLS") return "plain";
  const { mode, certificateRefs } = jsonFields(tls);
  if (mode === "Passthrough") return "passthrough";
  return tls === undefined ? "none" : certificatesOf(owner, certificateRefs, objects);
}

function hasTls(tls: GatewayListener["tls"]): boolean {
  return tls !== "none" && (typeof tls === "string" || tls.usable.length > 0);
}
