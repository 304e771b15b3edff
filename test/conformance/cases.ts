import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { JsonObject } from "../../src/model/json.ts";

/** An object of the suite, as it is applied. */
export interface SuiteObject extends JsonObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** A change of the cluster between requests. */
export type SuiteChange =
  | { readonly index: number; readonly op: "create" | "update"; readonly resource: SuiteObject }
  | {
      readonly index: number;
      readonly op: "delete";
      readonly kind: string;
      readonly namespace: string;
      readonly name: string;
    };

export interface SuiteRequest {
  readonly n: number;
  readonly name?: string;
  readonly gateway: { readonly namespace: string; readonly name: string };
  readonly listenerPort: number;
  readonly scheme: "http" | "https" | "tls" | "tcp" | "udp";
  /** default: HTTP/1.1 */
  readonly protocol?: "grpc" | "H2" | "H2C_PRIOR_KNOWLEDGE" | "websocket";
  readonly sni?: string;
  readonly method?: string;
  /** default: the Gateway's address */
  readonly host?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `cert:NAMESPACE/NAME` of a generated Secret. */
  readonly clientCertificate?: string;
  readonly backendSetsResponseHeaders?: Readonly<Record<string, string>>;
  /** The number of the change that it comes after. default: none */
  readonly afterChange?: number;
  readonly repeat?: number;
  readonly expect: SuiteExpectation;
  /** What Envoy Gateway gave, where the suite wants something else. */
  readonly real?: { readonly status?: number };
}

interface SuiteExpectation {
  readonly status?: readonly number[];
  readonly statusNot?: readonly number[];
  readonly grpcCode?: number;
  readonly backend?: string;
  readonly backendNamespace?: string;
  readonly neverBackend?: readonly string[];
  readonly upstreamPath?: string;
  readonly upstreamMethod?: string;
  readonly upstreamHost?: string;
  readonly upstreamHeaders?: Readonly<Record<string, string>>;
  readonly upstreamAbsentHeaders?: readonly string[];
  readonly upstreamSNI?: string;
  readonly upstreamPort?: number;
  readonly upstreamClientCert?: string;
  readonly backendReceivesTLS?: boolean;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly responseHeadersOneOf?: Readonly<Record<string, readonly string[]>>;
  readonly responseAbsentHeaders?: readonly string[];
  readonly ignoreHeaderWhitespace?: boolean;
  readonly redirect?: {
    readonly scheme?: string;
    readonly host?: string;
    readonly path?: string;
    readonly port?: number | "default";
  };
  readonly connection?: "rejected" | "failed";
  readonly distribution?: Readonly<Record<string, number>>;
  readonly mirroredTo?: readonly { readonly backend: string; readonly percent?: number }[];
  readonly websocketEcho?: string;
}

interface WantedCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
}

export interface SuiteStatus {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly afterChange?: number;
  readonly parent?: JsonObject;
  readonly conditions?: readonly WantedCondition[];
  readonly listeners?: readonly {
    readonly name: string;
    readonly supportedKinds?: readonly string[];
    readonly attachedRoutes?: number;
    readonly conditions?: readonly WantedCondition[];
  }[];
  readonly listenersConditions?: {
    readonly names?: readonly string[];
    readonly all: readonly WantedCondition[];
  };
  readonly parents?: readonly {
    readonly parentRef: JsonObject;
    readonly conditions: readonly WantedCondition[];
  }[];
  readonly zeroAttachedRoutes?: boolean;
  readonly noAcceptedParents?: boolean;
  readonly observedGenerationCurrent?: boolean;
  readonly attachedListenerSets?: number;
  /** Why Envoy Gateway does not have it so. */
  readonly realDiffers?: readonly string[];
}

export interface ConformanceTest {
  readonly name: string;
  readonly manifests: readonly SuiteObject[];
  readonly requests: readonly SuiteRequest[];
  readonly status: readonly SuiteStatus[];
  readonly changes?: readonly SuiteChange[];
  /** The pods of Services, `NAMESPACE/NAME`. `null`: none */
  readonly serviceBackends?: Readonly<Record<string, string | null>>;
  /** The suite runs it where these features are missing, and Envoy Gateway has them. */
  readonly onlyIfUnsupported?: readonly string[];
}

/** A Secret or ConfigMap that the suite makes before its tests. */
interface GeneratedObject {
  readonly kind: "Secret" | "ConfigMap";
  readonly namespace: string;
  readonly name: string;
  readonly hosts?: readonly string[];
  /** `self`, `CA`, `CA a`, `by CA c`, `client cert by CA b` */
  readonly signer: string;
}

export interface ConformanceSuite {
  readonly serviceBackends: Readonly<Record<string, string>>;
  readonly generated: readonly GeneratedObject[];
  readonly base: readonly SuiteObject[];
  readonly tests: readonly ConformanceTest[];
}

/** Gateway API's own suite as data. */
export function conformanceSuite(): ConformanceSuite {
  const file = new URL("./cases.json.gz", import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(file)).toString("utf8"));
}
