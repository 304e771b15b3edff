import { INGRESS_NGINX } from "../../../compile/ingress-nginx/facts.ts";
import type { Snapshot } from "../../../model/snapshot.ts";
import type { GeneralChange } from "../target.ts";

/** Keys of a ConfigMap that a line holds. */
const MOST_KEYS = 5;

/** The manifests without the controller's ConfigMap. `undefined`: they have none */
export function withoutOptions(
  snapshot: Snapshot,
): { readonly snapshot: Snapshot; readonly change: Omit<GeneralChange, "explains"> } | undefined {
  const isOptions = ({ metadata }: Snapshot["configMaps"][number]) =>
    metadata.name === INGRESS_NGINX.configMap.name;
  const found = snapshot.configMaps.find(isOptions);
  if (found === undefined) return undefined;
  const keys = [...found.data.keys()];
  const shown = keys.slice(0, MOST_KEYS).join(", ");
  const more = keys.length > MOST_KEYS ? ", …" : "";
  return {
    snapshot: { ...snapshot, configMaps: snapshot.configMaps.filter((each) => !isOptions(each)) },
    change: {
      id: "controller-options",
      message: `ConfigMap ${found.metadata.name} (${shown}${more}) is not converted: these are settings of the whole controller`,
    },
  };
}
