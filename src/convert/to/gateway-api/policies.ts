import type { Ingress } from "../../../model/resource.ts";
import type { Made, MadeFields, MadeObject } from "../made.ts";
import { plainMade } from "../made.ts";
import { ENVOY_VERSION, type IngressParts } from "./parts.ts";
import { madeMetadata } from "./routes.ts";

/** The policies of an Ingress's routes. */
export function policiesFor(
  { ingress, security, traffic, closed, redirect }: IngressParts,
  routes: readonly MadeObject[],
): readonly MadeObject[] {
  // nginx redirects before it asks anybody.
  if (redirect !== undefined) return [];
  const guards = closed === undefined ? security : { ...security, authorization: closed };
  return policyObjects(ingress, routes, guards, traffic);
}

export function policyObjects(
  ingress: Ingress,
  routes: readonly MadeObject[],
  security: Readonly<Record<string, Made>>,
  traffic: Readonly<Record<string, Made>> = {},
): readonly MadeObject[] {
  const targets = routes.map(({ kind, metadata }) => ({
    group: "gateway.networking.k8s.io",
    kind,
    name: plainMade(metadata.name),
  }));
  return [
    ...policy("SecurityPolicy", ingress, targets, security),
    ...policy("BackendTrafficPolicy", ingress, targets, traffic),
  ];
}

function policy(
  kind: string,
  ingress: Ingress,
  targets: readonly MadeFields[],
  spec: Readonly<Record<string, Made>>,
): readonly MadeObject[] {
  if (Object.keys(spec).length === 0 || targets.length === 0) return [];
  const metadata = madeMetadata(ingress, ingress.metadata.name);
  return [{ apiVersion: ENVOY_VERSION, kind, metadata, spec: { targetRefs: targets, ...spec } }];
}
