import type { MadeObject } from "../made.ts";
import { GATEWAY_VERSION } from "./listeners.ts";
import type { IngressParts } from "./parts.ts";

/** Lets objects of an Ingress's namespace name a Service of another. `purpose`: the end of its name */
export function serviceGrant(
  { namespace: own, ingress }: IngressParts,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  from: { readonly group: string; readonly kind: string },
  purpose: string,
): MadeObject {
  return {
    apiVersion: GATEWAY_VERSION,
    kind: "ReferenceGrant",
    metadata: { name: `${own}-${ingress.metadata.name}-${purpose}`.slice(0, 63), namespace },
    spec: {
      from: [{ ...from, namespace: own }],
      to: [{ group: "", kind: "Service", name }],
    },
  };
}
