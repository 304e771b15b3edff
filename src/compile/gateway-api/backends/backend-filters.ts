import { type Json, jsonFields, jsonItems } from "../../../model/json.ts";
import type { StatusFault } from "../status/condition.ts";

const ONLY = "Specific filter is not supported within BackendRef, only RequestHeaderModifier";
const OF_HTTP = `${ONLY}, ResponseHeaderModifier, URLRewrite and gateway.envoyproxy.io/HTTPRouteFilter are supported`;
const OF_GRPC = `${ONLY} and ResponseHeaderModifier are supported`;
const NO_PATH = "URLRewrite path modifier is not supported within BackendRef";

/** A filter of a `backendRef` that Envoy cannot apply to one of several backends (validate.go). `kind`: the route's */
export function backendFilterFault(filters: Json | undefined, kind: string): StatusFault | undefined {
  let message: string | undefined;
  for (const item of jsonItems(filters)) {
    const { type, urlRewrite, extensionRef } = jsonFields(item);
    if (type === "RequestHeaderModifier" || type === "ResponseHeaderModifier") continue;
    if (kind === "GRPCRoute") message = OF_GRPC;
    else if (type === "URLRewrite") {
      if (jsonFields(urlRewrite).path !== undefined) return { reason: UNSUPPORTED, message: NO_PATH };
    } else if (type !== "ExtensionRef" || jsonFields(extensionRef).kind !== "HTTPRouteFilter")
      message = OF_HTTP;
  }
  return message === undefined ? undefined : { reason: UNSUPPORTED, message };
}

const UNSUPPORTED = "UnsupportedRefValue";
