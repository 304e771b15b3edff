import {
  type JsonObject,
  jsonBoolean,
  jsonFields,
  jsonItems,
  jsonNumber,
  jsonString,
  jsonStrings,
} from "../../../model/json.ts";
import type { EarlyHeader } from "../../../plane/envoy/early-headers.ts";
import { type EnvoyOptions, envoyPlane } from "../../../plane/envoy.ts";
import { textAsBytes } from "../../../request/utf8.ts";

const ESCAPED: ReadonlyMap<unknown, EnvoyOptions["escapedSlashes"]> = new Map([
  ["KeepUnchanged", "kept"],
  ["RejectRequest", "refused"],
  ["UnescapeAndForward", "decoded"],
  ["UnescapeAndRedirect", "redirected"],
]);

const UNDERSCORES: ReadonlyMap<unknown, EnvoyOptions["underscores"]> = new Map([
  ["Allow", "passed"],
  ["RejectRequest", "refused"],
  ["DropHeader", "dropped"],
]);

/** Envoy as a ClientTrafficPolicy lets it read requests. */
export function planeBy(policy: JsonObject): ReturnType<typeof envoyPlane> {
  const path = jsonFields(policy.path);
  const { withUnderscoresAction, earlyRequestHeaders } = jsonFields(policy.headers);
  const { http10 } = jsonFields(policy.http1);
  return envoyPlane({
    // Envoy Gateway sets server_header_transformation to PASS_THROUGH.
    server: "passed",
    slashes: jsonBoolean(path.disableMergeSlashes) === true ? "kept" : "merged",
    escapedSlashes: ESCAPED.get(path.escapedSlashesAction) ?? "redirected",
    underscores: UNDERSCORES.get(withUnderscoresAction) ?? "refused",
    early: earlyHeaders(jsonFields(earlyRequestHeaders)),
    http10: http10 === undefined ? "refused" : undefined,
  });
}

/** Answers say what a rate limit leaves, unless the policy turns it off. */
export function limitHeaders({ headers }: JsonObject): "x-ratelimit" | undefined {
  return jsonFields(headers).disableRateLimitHeaders === true ? undefined : "x-ratelimit";
}

/** Addresses in front of Envoy that are trusted. */
export function trustedHops({ clientIPDetection }: JsonObject): number {
  return jsonNumber(jsonFields(jsonFields(clientIPDetection).xForwardedFor).numTrustedHops) ?? 0;
}

/** Added before set, and removed last; as for routes, of one name in both only adding counts. */
function earlyHeaders({ add, set, addIfAbsent, remove }: JsonObject): readonly EarlyHeader[] {
  const edits = new Map<string, EarlyHeader>();
  const written = [
    [add, "beside"],
    [set, "set"],
    [addIfAbsent, "if absent"],
  ] as const;
  for (const [list, how] of written)
    for (const item of jsonItems(list)) {
      const fields = jsonFields(item);
      const name = (jsonString(fields.name) ?? "").toLowerCase();
      if (edits.has(name)) continue;
      edits.set(name, { name, how, value: valueParts(textAsBytes(jsonString(fields.value) ?? "")) });
    }
  const removed = jsonStrings(remove).map((name) => name.toLowerCase());
  return [
    ...edits.values(),
    ...removed
      .filter((name) => !edits.has(name))
      .map((name) => ({ name, value: [], how: "removed" }) as const),
  ];
}

const REQUEST_HEADER = /(%%|%REQ\([^)]*\)%)/;

/** `a-%REQ(X-B)%`; other operators are left empty by `early_header_mutation` here. */
function valueParts(value: string): EarlyHeader["value"] {
  return value.split(REQUEST_HEADER).map((part) => {
    if (part === "%%") return "%";
    const [, header] = /^%REQ\(([^)]*)\)%$/.exec(part) ?? [];
    return header === undefined ? part : { header: header.toLowerCase() };
  });
}
