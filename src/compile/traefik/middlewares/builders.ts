import { jsonFields, jsonString } from "../../../model/json.ts";
import { Lost } from "../lost.ts";
import type { Build } from "./building.ts";
import { buildCompress } from "./compress.ts";
import {
  buildBasicAuth,
  buildDigestAuth,
  buildForwardAuth,
  buildInFlightReq,
  buildIpAllowList,
  buildRateLimit,
} from "./guards.ts";
import { buildHeaders } from "./headers.ts";
import {
  buildAddPrefix,
  buildReplacePath,
  buildReplacePathRegex,
  buildStripPrefix,
  buildStripPrefixRegex,
} from "./paths.ts";
import { buildEncodedCharacters, buildRedirectRegex, buildRedirectScheme } from "./redirects.ts";
import { buildBuffering, buildErrors, buildRetry } from "./way.ts";

/** No effect on ordinary requests. */
const harmless: Build = () => ({});

/** Functions of an expression of circuitBreaker (pkg/middlewares/circuitbreaker, vulcand/oxy). */
const BREAKS = /^(?:LatencyAtQuantileMS|NetworkErrorRatio|ResponseCodeRatio|[\s()<>=!&|.,\d])+$/;

const circuitBreaker: Build = ({ spec }) => {
  const text = jsonString(jsonFields(spec).expression) ?? "";
  return BREAKS.test(text)
    ? {}
    : new Lost(`its expression ${JSON.stringify(text)} is none`, "Correct the expression.");
};

const cannotBe =
  (what: string): Build =>
  () =>
    new Lost(what, "Use another kind.");

/** Each kind of Middleware (pkg/server/middleware/middlewares.go). */
export const BUILDERS: ReadonlyMap<string, Build> = new Map<string, Build>([
  ["addPrefix", buildAddPrefix],
  ["basicAuth", buildBasicAuth],
  ["buffering", buildBuffering],
  ["circuitBreaker", circuitBreaker],
  ["compress", buildCompress],
  ["contentType", harmless],
  ["digestAuth", buildDigestAuth],
  ["encodedCharacters", buildEncodedCharacters],
  ["errors", buildErrors],
  ["forwardAuth", buildForwardAuth],
  ["grpcWeb", harmless],
  ["headers", buildHeaders],
  ["inFlightReq", buildInFlightReq],
  ["ipAllowList", buildIpAllowList],
  ["ipWhiteList", buildIpAllowList],
  ["passTLSClientCert", harmless],
  ["plugin", cannotBe("the plugin is not installed here")],
  ["rateLimit", buildRateLimit],
  ["redirectRegex", buildRedirectRegex],
  ["redirectScheme", buildRedirectScheme],
  ["replacePath", buildReplacePath],
  ["replacePathRegex", buildReplacePathRegex],
  ["retry", buildRetry],
  ["stripPrefix", buildStripPrefix],
  ["stripPrefixRegex", buildStripPrefixRegex],
]);

/** Kinds that keep requests out. */
export const GUARDS: ReadonlySet<string> = new Set([
  "basicAuth",
  "digestAuth",
  "forwardAuth",
  "inFlightReq",
  "ipAllowList",
  "ipWhiteList",
  "rateLimit",
]);
