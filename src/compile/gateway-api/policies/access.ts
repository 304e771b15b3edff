import { type Json, jsonFields, jsonItems, jsonString, jsonStrings } from "../../../model/json.ts";
import type { Condition } from "../../../model/route/selection.ts";
import { textAsBytes } from "../../../request/utf8.ts";
import type { AccessRule } from "../../../step/envoy/access.ts";
import { readAddresses } from "../../nginx-annotations/addresses.ts";

/** A rule of `authorization`. What a token says is not known here: such a rule lets nobody in, and keeps everybody out. */
export function accessRule(item: Json): readonly AccessRule[] {
  const { action, principal, operation } = jsonFields(item);
  const { clientCIDRs, headers, ...unknown } = jsonFields(principal);
  const lets = action === "Allow" ? "in" : "out";
  if (Object.keys(unknown).length > 0 && lets === "in") return [];
  const networks = jsonStrings(clientCIDRs);
  const addresses = readAddresses(networks.join(","));
  if (networks.length > 0 && addresses === undefined) return [];
  const methods = jsonStrings(jsonFields(operation).methods);
  const when: Condition[] = [
    ...(networks.length > 0 && addresses !== undefined
      ? [{ kind: "from", addresses, whose: "client" } as const]
      : []),
    ...(methods.length > 0 ? [{ kind: "method", methods: new Set(methods) } as const] : []),
    ...jsonItems(headers).map(headerCondition),
  ];
  return [{ when, lets }];
}

/** Any of the values. */
function headerCondition(item: Json): Condition {
  const { name, values } = jsonFields(item);
  const header = (jsonString(name) ?? "").toLowerCase();
  return {
    kind: "one-of",
    of: jsonStrings(values).map((text) => ({
      ...{ kind: "header", name: header },
      value: { kind: "is", text: textAsBytes(text) },
    })),
  };
}
