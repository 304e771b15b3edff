import { type JsonObject, jsonBoolean, jsonFields } from "../../../model/json.ts";
import { type EnvoyOptions, envoyPlane } from "../../../plane/envoy.ts";

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
  const { withUnderscoresAction } = jsonFields(policy.headers);
  return envoyPlane({
    // Envoy Gateway sets server_header_transformation to PASS_THROUGH.
    server: "passed",
    slashes: jsonBoolean(path.disableMergeSlashes) === true ? "kept" : "merged",
    escapedSlashes: ESCAPED.get(path.escapedSlashesAction) ?? "redirected",
    underscores: UNDERSCORES.get(withUnderscoresAction) ?? "refused",
  });
}
