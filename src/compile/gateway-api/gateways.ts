import { jsonFields, jsonItems, jsonString } from "../../model/json.ts";
import type { CustomResource } from "../../model/resource.ts";
import { assumedGateways } from "./assumed.ts";
import { CONTROLLER_NAME, GATEWAY_API } from "./facts.ts";
import { type GatewayListener, gatewayListeners } from "./listeners.ts";
import type { GatewayObjects } from "./objects.ts";

/** A Gateway as this controller sees it. */
export interface ReadGateway {
  readonly gateway: CustomResource;
  /**
   * "assumed": the files lack it. "foreign": another controller's. "refused": its parameters or addresses cannot be used, so
   * nothing is served.
   */
  readonly kind: "ours" | "assumed" | "foreign" | "refused";
  /** Why it is refused, in the controller's words. default: the API refuses its address, which nothing tells */
  readonly fault?: string | undefined;
  /** Of an assumed one: the first route that names it. */
  readonly namedBy?: CustomResource | undefined;
  readonly listeners: readonly GatewayListener[];
}

export interface ClassChoice {
  /** Class names that are served, whatever their GatewayClass says. default: by the GatewayClass */
  readonly named: readonly string[] | undefined;
  /** GatewayClasses and Gateways that the files lack may be in the cluster. */
  readonly mayBeElsewhere: boolean;
}

export function readGateways(objects: GatewayObjects, classes: ClassChoice): readonly ReadGateway[] {
  const gateways = objects.all("Gateway");
  if (classes.mayBeElsewhere && gateways.length === 0 && objects.all("ListenerSet").length === 0)
    return assumedGateways(objects);
  return gateways.map((gateway) => {
    if (!isOurs(gateway, objects, classes)) return { gateway, kind: "foreign", listeners: [] };
    const fault = parametersFault(gateway, objects);
    if (fault !== undefined) return { gateway, kind: "refused", fault, listeners: [] };
    const listeners = gatewayListeners(gateway, objects);
    const isRefused = jsonItems(gateway.spec.addresses).some((item) => jsonFields(item).value === undefined);
    return { gateway, kind: isRefused ? "refused" : "ours", listeners };
  });
}

function isOurs(
  { spec }: CustomResource,
  objects: GatewayObjects,
  { named, mayBeElsewhere }: ClassChoice,
): boolean {
  const name = jsonString(spec.gatewayClassName) ?? "";
  if (named !== undefined) return named.includes(name);
  const known = objects.all("GatewayClass").find(({ metadata }) => metadata.name === name);
  if (known !== undefined) return known.spec.controllerName === CONTROLLER_NAME;
  return mayBeElsewhere || name === GATEWAY_API.classes.installed;
}

/** `infrastructure.parametersRef` to an EnvoyProxy that is not there. */
function parametersFault({ spec, metadata }: CustomResource, objects: GatewayObjects): string | undefined {
  const { parametersRef } = jsonFields(spec.infrastructure);
  if (parametersRef === undefined) return undefined;
  const name = jsonString(jsonFields(parametersRef).name) ?? "";
  const { namespace } = metadata;
  if (objects.custom("EnvoyProxy", namespace, name) !== undefined) return undefined;
  return `failed to find envoyproxy ${namespace}/${name} for Gateway ${metadata.name}: EnvoyProxy.gateway.envoyproxy.io "${name}" not found`;
}
