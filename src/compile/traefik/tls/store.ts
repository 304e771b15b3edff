import { jsonFields, jsonString } from "../../../model/json.ts";
import type { CustomResource } from "../../../model/resource.ts";
import type { TraefikObjects } from "../objects.ts";

/** The TLSStore in use: the one named `default`; of several, none (pkg/provider/kubernetes/crd, buildTLSStores). */
export function defaultStore(objects: TraefikObjects): CustomResource | undefined {
  const [first, ...others] = objects.all("TLSStore").filter(({ metadata }) => metadata.name === "default");
  return others.length > 0 ? undefined : first;
}

/** The Secret in place of Traefik's own certificate, `NAMESPACE/NAME`. */
export function defaultCertificateIn(objects: TraefikObjects): string | undefined {
  const store = defaultStore(objects);
  const name = store && jsonString(jsonFields(store.spec.defaultCertificate).secretName);
  return name === undefined ? undefined : `${store?.metadata.namespace}/${name}`;
}
