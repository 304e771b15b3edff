import { type Json, type JsonObject, jsonFields, jsonString, jsonStrings } from "../../model/json.ts";
import { type Reason, reason } from "../../model/reason.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";

/**
 * `jwt_authn` of Envoy for one provider, while its keys cannot be fetched: what is wrong with a token is said, and no token
 * is good.
 */
export interface EnvoyJwtStep {
  readonly kind: "envoy-jwt";
  /** `""`: any */
  readonly issuer: string;
  /** Empty: any */
  readonly audiences: readonly string[];
  /** default: all requests */
  readonly only?: "https" | undefined;
  readonly why: Reason;
}

const UNFETCHED = "Jwks remote fetch is failed";
const MISSING = "Jwt is missing";
const OTHER_AUDIENCE = "Audiences in Jwt are not allowed";

/** Algorithms of the library (google/jwt_verify_lib). */
const ALGORITHMS = /^(?:(?:ES|HS|RS|PS)(?:256|384|512)|EdDSA)$/;

export function judgeJwt(at: Arrival, step: EnvoyJwtStep): Change | undefined {
  const { request, route } = at;
  if (step.only === "https" && request.scheme !== "https") return undefined;
  const text = faultOf(tokenIn(at), step);
  const realm = `${request.scheme}://${request.host}${at.path.sent ?? request.target}`.replace(
    /[\x00-\x1f\x7f"]/g,
    "",
  );
  const error = text === MISSING ? "" : ', error="invalid_token"';
  const unfetched = text === UNFETCHED ? [reason("external-auth", KEYS)] : [];
  const why = [reason("no-credentials", text), ...unfetched, step.why, ...route.why];
  const headers = [["www-authenticate", `Bearer realm="${realm}"${error}`]] as const;
  const status = text === OTHER_AUDIENCE ? 403 : 401;
  return { decision: { kind: "respond", status, text, headers, route, why } };
}

const KEYS =
  "ingress-dev fetches no keys, so that it refuses every token, as Envoy does while it cannot fetch them";

function tokenIn({ request, path }: Arrival): string | undefined {
  const sent = request.header("authorization");
  if (sent?.startsWith("Bearer ") === true) return sent.slice("Bearer ".length).trim();
  const begun = "access_token=";
  return path.query
    .split("&")
    .find((pair) => pair.startsWith(begun))
    ?.slice(begun.length);
}

function faultOf(token: string | undefined, { issuer, audiences }: EnvoyJwtStep): string {
  if (token === undefined || token === "") return MISSING;
  const [first, second, third, ...others] = token.split(".");
  if (!first || !second || !third || others.length > 0)
    return "Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections";
  const header = partOf(first);
  if (typeof header === "string") return `Jwt header is an invalid ${header}`;
  const algorithm = jsonString(header.fields.alg);
  if (algorithm === undefined) return "Jwt header [alg] field is required and must be a string";
  if (!ALGORITHMS.test(algorithm)) return "Jwt header [alg] is not supported";
  if (header.fields.kid !== undefined && typeof header.fields.kid !== "string")
    return "Jwt header [kid] field is not a string";
  const payload = partOf(second);
  if (typeof payload === "string") return `Jwt payload is an invalid ${payload}`;
  const claim = claimFault(payload.fields);
  if (claim !== undefined) return `Jwt payload ${claim}`;
  if (!isBase64Url(third)) return "Jwt signature is an invalid Base64url encoded";
  const { iss, aud } = payload.fields;
  if (issuer !== "" && iss !== issuer) return "Jwt issuer is not configured";
  const named = new Set((typeof aud === "string" ? [aud] : jsonStrings(aud)).map(withoutScheme));
  if (audiences.length > 0 && !audiences.some((each) => named.has(withoutScheme(each))))
    return OTHER_AUDIENCE;
  return UNFETCHED;
}

/** Audiences are compared without the scheme and the slash at their end (check_audience.cc). */
function withoutScheme(audience: string): string {
  return audience.replace(/^https?:\/\//, "").replace(/\/$/, "");
}

/** Claims of another type than the library reads, in its order; measured on Envoy 1.40. */
function claimFault(fields: JsonObject): string | undefined {
  const isText = (name: string) => fields[name] === undefined || typeof fields[name] === "string";
  for (const name of ["iss", "sub"]) if (!isText(name)) return `[${name}] field is not a string`;
  for (const name of ["iat", "nbf", "exp"]) {
    const value = fields[name];
    if (value === undefined) continue;
    if (typeof value !== "number") return `[${name}] field is not an integer`;
    if (value < 0 || value >= 2 ** 64) return `[${name}] field is not a positive 64 bit integer`;
  }
  if (!isText("jti")) return "[jti] field is not a string";
  const { aud } = fields;
  const isList = Array.isArray(aud) && aud.every((each) => typeof each === "string");
  return isText("aud") || isList ? undefined : "[aud] field is not a string or string list";
}

function isBase64Url(text: string): boolean {
  return /^[\w-]*$/.test(text) && text.length % 4 !== 1;
}

/** A text says what it is not. */
function partOf(text: string): { readonly fields: ReturnType<typeof jsonFields> } | string {
  if (!isBase64Url(text)) return "Base64url encoded";
  try {
    const value: Json = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? { fields: jsonFields(value) }
      : "JSON";
  } catch {
    return "JSON";
  }
}
