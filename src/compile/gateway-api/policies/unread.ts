import type { CustomKind } from "../../../model/custom-kinds.ts";
import { type Json, type JsonObject, jsonFields, jsonItems } from "../../../model/json.ts";
import type { Problem } from "../../../model/problem.ts";
import type { CustomResource } from "../../../model/resource.ts";
import { ingressName, problemOf } from "../../problem.ts";

/** Fields by their path; one stands for all below it. */
interface KindFields {
  readonly read: readonly string[];
  /** They change no answer: telemetry, memory, how Envoy is run. */
  readonly idle: readonly string[];
}

const TARGETS = ["targetRef", "targetRefs", "targetSelectors", "mergeType"];

/** The fields that are read of each kind of Envoy Gateway; every other one is named. */
export const POLICY_FIELDS: ReadonlyMap<CustomKind, KindFields> = new Map([
  [
    "BackendTrafficPolicy",
    {
      read: [
        ...TARGETS,
        ...[
          "faultInjection.abort.httpStatus",
          "faultInjection.abort.percentage",
          "rateLimit.local",
          "rateLimit.type",
        ],
        ...["responseOverride.match.statusCodes", "responseOverride.response"],
        ...[
          "loadBalancer.consistentHash.cookie",
          "loadBalancer.consistentHash.header",
          "loadBalancer.consistentHash.headers",
          "loadBalancer.consistentHash.queryParams",
          "loadBalancer.consistentHash.type",
        ],
        ...["retry.numRetries", "retry.retryOn", "timeout.http.requestTimeout"],
      ],
      idle: [
        ...["connection.socketBufferLimit", "dns"],
        ...[
          "http2",
          "loadBalancer.consistentHash.tableSize",
          "loadBalancer.slowStart",
          "loadBalancer.zoneAware",
          "loadBalancer.type",
          "retry.perRetry.backOff",
        ],
        ...[
          "tcpKeepalive",
          "telemetry",
          "timeout.http.connectionIdleTimeout",
          "timeout.http.maxConnectionDuration",
        ],
      ],
    },
  ],
  [
    "ClientTrafficPolicy",
    {
      read: [
        ...[...TARGETS, "clientIPDetection.xForwardedFor.numTrustedHops", "headers.disableRateLimitHeaders"],
        ...[
          "headers.earlyRequestHeaders.add",
          "headers.earlyRequestHeaders.set",
          "headers.earlyRequestHeaders.remove",
        ],
        ...["headers.earlyRequestHeaders.addIfAbsent", "headers.withUnderscoresAction", "http1.http10"],
        ...["path.disableMergeSlashes", "path.escapedSlashesAction"],
        ...[
          "tls.alpnProtocols",
          "tls.ciphers",
          "tls.clientValidation.caCertificateRefs",
          "tls.clientValidation.optional",
          "tls.ecdhCurves",
          "tls.maxVersion",
          "tls.minVersion",
        ],
      ],
      idle: [
        ...["connection.socketBufferLimit", "http1.enableTrailers", "http2", "http3", "tcpKeepalive"],
        ...["tls.session", "tls.signatureAlgorithms"],
      ],
    },
  ],
  [
    "SecurityPolicy",
    {
      read: [
        ...[...TARGETS, "apiKeyAuth.credentialRefs", "apiKeyAuth.extractFrom", "authorization.defaultAction"],
        ...[
          "authorization.rules.action",
          "authorization.rules.name",
          "authorization.rules.operation.methods",
        ],
        ...["authorization.rules.principal.clientCIDRs", "authorization.rules.principal.headers"],
        ...["basicAuth.users", "cors", "extAuth.headersToExtAuth", "extAuth.http"],
        // Named as guards.
        ...["authorization.rules.principal", "extAuth.grpc", "jwt", "oidc"],
      ],
      idle: [],
    },
  ],
  ["EnvoyExtensionPolicy", { read: TARGETS, idle: [] }],
  ["EnvoyPatchPolicy", { read: TARGETS, idle: ["priority", "type"] }],
  [
    "EnvoyProxy",
    {
      read: [],
      idle: [
        ...["concurrency", "ipFamily", "logging", "provider", "shutdown", "telemetry"],
        "dynamicModules",
      ],
    },
  ],
  [
    "HTTPRouteFilter",
    {
      read: [
        ...["directResponse.statusCode", "directResponse.body", "directResponse.contentType"],
        ...["urlRewrite.path.type", "urlRewrite.path.replaceRegexMatch", "urlRewrite.hostname.type"],
        "urlRewrite.hostname.header",
      ],
      idle: [],
    },
  ],
]);

/** Fields that a policy writes and nobody follows here. */
function unreadFields({ kind, spec }: CustomResource): readonly string[] {
  const known = POLICY_FIELDS.get(kind);
  if (known === undefined) return [];
  return [...new Set(unread(spec, "", [...known.read, ...known.idle]))];
}

function unread(fields: JsonObject, path: string, known: readonly string[]): readonly string[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    const field = path === "" ? name : `${path}.${name}`;
    if (value === undefined || known.includes(field)) return [];
    const isAbove = known.some((each) => each.startsWith(`${field}.`));
    if (!isAbove) return [field];
    return objectsIn(value).flatMap((each) => unread(each, field, known));
  });
}

function objectsIn(value: Json): readonly JsonObject[] {
  return Array.isArray(value) ? jsonItems(value).map(jsonFields) : [jsonFields(value)];
}

export function unreadProblems(policy: CustomResource): readonly Problem[] {
  return unreadFields(policy).map((field) =>
    problemOf(policy, {
      ...{ code: "field-not-honoured", level: "notice", field: `spec.${field}` },
      message: `${policy.kind} ${ingressName(policy)}: ${field} is not honoured: requests are answered as without it.`,
      fix: "Expect the cluster to act on the field; ingress-dev does not.",
    }),
  );
}
