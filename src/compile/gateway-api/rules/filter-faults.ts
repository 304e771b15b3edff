import { type JsonObject, jsonFields, jsonItems, jsonString, jsonStrings } from "../../../model/json.ts";
import type { CustomResource } from "../../../model/resource.ts";
import { resolve } from "../backends.ts";
import type { GatewayObjects } from "../objects.ts";
import type { StatusFault } from "../status/condition.ts";

/** What is wrong with the filters of a rule. */
export interface FilterFaults {
  readonly accepted: readonly StatusFault[];
  readonly resolved: readonly StatusFault[];
  readonly available: readonly StatusFault[];
}

const NO_HEADERS =
  "RequestHeaderModifier Filter did not provide valid configuration to add/set/remove any headers";
const HOST_HEADER =
  "Header: \"Host\". The RequestHeaderModifier filter cannot set the Host header or headers with a '/' or ':' character in them. To modify the Host header use the URLRewrite or the HTTPRouteFilter filter";
const MIRROR_AND_REDIRECT =
  "RequestMirror filter cannot be used when the rule also configures a RequestRedirect filter";

export function filterFaults(rule: JsonObject, route: CustomResource, objects: GatewayObjects): FilterFaults {
  const accepted: StatusFault[] = [];
  const resolved: StatusFault[] = [];
  const available: StatusFault[] = [];
  const filters = jsonItems(rule.filters).map(jsonFields);
  const isRedirect = filters.some(({ type }) => type === "RequestRedirect");
  for (const filter of filters) {
    if (filter.type === "RequestHeaderModifier") {
      const message = headerFault(jsonFields(filter.requestHeaderModifier));
      if (message !== undefined) accepted.push({ reason: "UnsupportedValue", message });
    }
    if (filter.type === "ExtensionRef") {
      const { group, kind, name } = jsonFields(filter.extensionRef);
      const { namespace } = route.metadata;
      if (kind !== "HTTPRouteFilter")
        accepted.push({
          reason: "UnsupportedValue",
          message: `invalid filter ExtensionRef: unknown kind ${jsonString(group)}/${jsonString(kind)}`,
        });
      else if (objects.custom("HTTPRouteFilter", namespace, jsonString(name) ?? "") === undefined)
        resolved.push({
          reason: "UnsupportedValue",
          message: `Unable to translate HTTPRouteFilter: ${namespace}/${jsonString(name)}`,
        });
    }
    if (filter.type === "RequestMirror") {
      const mirror = resolve(jsonFields(jsonFields(filter.requestMirror).backendRef), route, objects);
      const fault = mirror.kind === "invalid" ? mirror.fault : mirror.unavailable;
      if (fault !== undefined) {
        const message = `failed to validate the RequestMirror filter: ${fault.message}`;
        (mirror.kind === "invalid" ? resolved : available).push({ reason: fault.reason, message });
      } else if (isRedirect) accepted.push({ reason: "IncompatibleFilters", message: MIRROR_AND_REDIRECT });
    }
  }
  return { accepted, resolved, available };
}

/** Only URLRewrite may change the host. */
function headerFault({ add, set, remove }: JsonObject): string | undefined {
  const named = [...jsonItems(add), ...jsonItems(set)].map((item) => jsonString(jsonFields(item).name) ?? "");
  const names = [...named, ...jsonStrings(remove)];
  const isHost = (name: string) => name.toLowerCase() === "host";
  if (!names.some(isHost)) return undefined;
  return names.every(isHost) ? NO_HEADERS : HOST_HEADER;
}
