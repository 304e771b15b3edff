import { jsonFields, jsonNumber, jsonString, jsonStrings } from "../../../model/json.ts";
import { reason } from "../../../model/reason.ts";
import { Lost } from "../lost.ts";
import { type Build, expression } from "./building.ts";

/** pkg/middlewares/auth/forward.go */
export const buildForwardAuth: Build = ({ spec, by }) => {
  const fields = jsonFields(spec);
  const address = jsonString(fields.address) ?? "";
  if (address === "")
    return new Lost("it names no address", "Write the address of the authentication service.");
  const source = jsonString(fields.authResponseHeadersRegex) ?? "";
  const pattern = source === "" ? undefined : expression(source);
  if (pattern instanceof Lost) return pattern;
  const lower = (name: string) => jsonStrings(fields[name]).map((each) => each.toLowerCase());
  return {
    steps: [
      {
        kind: "guard",
        guard: {
          kind: "forward-auth",
          address,
          requestHeaders: lower("authRequestHeaders"),
          responseHeaders: jsonStrings(fields.authResponseHeaders),
          responsePattern: pattern,
          cookies: jsonStrings(fields.addAuthCookiesToResponse),
          signin: jsonString(fields.authSigninURL) || undefined,
          location: fields.preserveLocationHeader === true ? "kept" : "made absolute",
          method: fields.preserveRequestMethod === true ? "kept" : "GET",
          body: fields.forwardBody === true ? { most: jsonNumber(fields.maxBodySize) ?? -1 } : undefined,
          trust: fields.trustForwardHeader === false ? "nobody" : "client",
          named: by,
          why: reason("external-auth", `${by} asks ${address}: 2xx lets the request in`),
        },
      },
    ],
  };
};
