import type { Affinity, HashBy } from "../../model/balancing.ts";
import type { Place, Reason } from "../../model/reason.ts";
import type { ClientAuth, TlsTerms } from "../../model/server-tls.ts";
import type { Buffers, NextUpstream, Transport } from "../../model/transport.ts";
import type { VariableText } from "../../model/variable-text.ts";
import type { ResponseRewritesStep } from "../../step/response-rewrites.ts";
import type { CanaryShare } from "./annotations/canary.ts";
import type { CookieSettings } from "./annotations/session-affinity.ts";
import type { LocationSettings, RequestHeaders } from "./location-settings.ts";
import type { Stop } from "./stops.ts";

/** What annotations say of the upstreams that an Ingress is the first to name. */
export interface BalancingSettings {
  /** `service-upstream`. */
  readonly serviceUpstream: boolean;
  readonly hash?: HashBy | undefined;
  /** What these annotations do. */
  readonly why: readonly Reason[];
  /** `affinity`, which counts for every Ingress that names an upstream. */
  readonly affinity?: AffinitySettings | undefined;
  /** `affinity-canary-behavior`, of a canary Ingress: whether it shares the sessions of its primary. */
  readonly canaries: "sticky" | "legacy";
}

/**
 * `affinity` and its mode as one Ingress has them; without a cookie it says nothing of sessions but, perhaps, a mode.
 */
interface AffinitySettings {
  readonly mode: Affinity["mode"] | undefined;
  readonly cookie: CookieSettings | undefined;
  /** `the annotation affinity of Ingress default/web`. */
  readonly annotation: string;
  readonly at: Place | undefined;
}

/** What the annotations of one Ingress come to, before they are laid on its paths. */
export interface IngressSettings {
  /** `rewrite-target`. */
  readonly rewriteTarget?: VariableText | undefined;
  /** `use-regex`. */
  readonly useRegex: boolean;
  /** `app-root`. */
  readonly appRoot?: VariableText | undefined;
  /** `from-to-www-redirect`. */
  readonly fromToWww: boolean;
  /** `server-alias`, in the order of their names. */
  readonly aliases: readonly string[];
  /** `canary`: the Ingress is an alternative to another one, and serves nothing of its own. */
  readonly canary?: CanaryShare | undefined;
  /** How requests are shared out among the endpoints of its backends. */
  readonly balancing: BalancingSettings;
  /** What the servers of its hosts get: of several Ingresses of one host the oldest that says something. */
  readonly server: {
    readonly forbidden?: Reason | undefined;
    readonly clientAuth?: ClientAuth | undefined;
    readonly clients?: TlsTerms["clients"];
    readonly ciphers?: string | undefined;
    readonly serverCipherOrder?: boolean | undefined;
    readonly passthrough?: boolean | undefined;
  };
  /** nginx refuses its configuration for these, once a location is written with them. */
  readonly stops: readonly Stop[];
  /**
   * What annotations do to every request of the Ingress, a sentence each: they stand behind the reasons of its routes.
   */
  readonly notes: readonly Reason[];
  /** What every path of the Ingress gets. */
  readonly location: LocationSettings;
  readonly transport: Transport;
}

/** `proxy-next-upstream` of the controller's ConfigMap, with its `-timeout` and `-tries`. */
export const DEFAULT_NEXT_UPSTREAM: NextUpstream = {
  conditions: new Set(["error", "timeout"]),
  tries: 3,
  timeoutMs: 0,
};

/** `proxy-buffer-size` of the controller's ConfigMap. */
export const DEFAULT_BUFFERS = { responseHeadBytes: 4096 } satisfies Buffers;

/** The defaults of the controller's ConfigMap (internal/ingress/controller/config/config.go). */
export const DEFAULT_LOCATION: LocationSettings = { sslRedirect: "with-tls" };

export const DEFAULT_TRANSPORT: Transport = {
  protocol: "HTTP",
  bodyLimit: 1024 * 1024,
  connectTimeoutMs: 5_000,
  readTimeoutMs: 60_000,
  sendTimeoutMs: 60_000,
  nextUpstream: DEFAULT_NEXT_UPSTREAM,
  buffers: DEFAULT_BUFFERS,
};

/** An Ingress without annotations. */
export const DEFAULT_SETTINGS: IngressSettings = {
  useRegex: false,
  fromToWww: false,
  aliases: [],
  balancing: { serviceUpstream: false, why: [], canaries: "sticky" },
  server: {},
  stops: [],
  notes: [],
  location: DEFAULT_LOCATION,
  transport: DEFAULT_TRANSPORT,
};

/** The settings with more said of every location. Absent fields stay absent: V8 gives each copy with one a class. */
export function withLocation(settings: IngressSettings, more: Partial<LocationSettings>): IngressSettings {
  return { ...settings, location: { ...settings.location, ...more } };
}

/** The settings with more headers on requests to the backend, and the reason for them. */
export function withRequestHeaders(
  settings: IngressSettings,
  headers: RequestHeaders,
  note: Reason,
): IngressSettings {
  const requestHeaders = { ...settings.location.requestHeaders, ...headers };
  return withNote(withLocation(settings, { requestHeaders }), note);
}

/** The settings with more changes to headers of responses, and the reason for them. */
export function withResponseRewrites(
  settings: IngressSettings,
  more: Omit<ResponseRewritesStep, "kind">,
  note: Reason,
): IngressSettings {
  const before = settings.location.responseRewrites;
  const responseRewrites: ResponseRewritesStep = { ...before, ...more, kind: "response-rewrites" };
  return withNote(withLocation(settings, { responseRewrites }), note);
}

/** The settings with more said of how backends are spoken to. */
export function withTransport(settings: IngressSettings, more: Partial<Transport>): IngressSettings {
  return { ...settings, transport: { ...settings.transport, ...more } };
}

/** The settings with one more sentence about what annotations do. */
export function withNote(settings: IngressSettings, note: Reason): IngressSettings {
  return { ...settings, notes: [...settings.notes, note] };
}

/** The settings with more said of how requests are shared out. */
export function withBalancing(settings: IngressSettings, more: Partial<BalancingSettings>): IngressSettings {
  return { ...settings, balancing: { ...settings.balancing, ...more } };
}
