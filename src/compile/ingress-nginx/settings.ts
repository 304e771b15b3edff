import type { Place, Reason } from "../../model/reason.ts";
import type { Affinity, HashBy } from "../../model/route/balancing.ts";
import type { Buffers, NextUpstream, Transport } from "../../model/route/transport.ts";
import type { VariableText } from "../../model/route/variable-text.ts";
import type { ClientAuth, TlsTerms } from "../../model/tls/server-tls.ts";
import type { ResponseRewritesStep } from "../../step/response/response-rewrites.ts";
import type { CanaryShare } from "./annotations/canary.ts";
import type { CookieSettings } from "./annotations/session-affinity.ts";
import type { LocationSettings, RequestHeaders } from "./locations/location-settings.ts";
import type { Stop } from "./stop-words.ts";

/** Annotations' settings of upstreams that an Ingress names first. */
export interface BalancingSettings {
  /** `service-upstream`. */
  readonly serviceUpstream: boolean;
  readonly hash?: HashBy | undefined;
  readonly why: readonly Reason[];
  /** `affinity` counts for every Ingress that names an upstream. */
  readonly affinity?: AffinitySettings | undefined;
  /** `affinity-canary-behavior` of a canary Ingress: `sticky` shares its primary's sessions. */
  readonly canaries: "sticky" | "legacy";
}

/** One Ingress's `affinity`; without a cookie at most a mode. */
interface AffinitySettings {
  readonly mode: Affinity["mode"] | undefined;
  readonly cookie: CookieSettings | undefined;
  /** `the annotation affinity of Ingress default/web` */
  readonly annotation: string;
  readonly at: Place | undefined;
}

/** One Ingress's annotations, before they are applied to its paths. */
export interface IngressSettings {
  /** `rewrite-target`. */
  readonly rewriteTarget?: VariableText | undefined;
  /** `use-regex`. */
  readonly useRegex: boolean;
  /** `app-root`. */
  readonly appRoot?: VariableText | undefined;
  /** `from-to-www-redirect`. */
  readonly fromToWww: boolean;
  /** `server-alias`, sorted. */
  readonly aliases: readonly string[];
  /** `canary`: the Ingress serves nothing of its own. */
  readonly canary?: CanaryShare | undefined;
  /** Load balancing among its backends' endpoints. */
  readonly balancing: BalancingSettings;
  /** Settings of its hosts' servers; the oldest Ingress of a host that sets one wins. */
  readonly server: {
    readonly forbidden?: Reason | undefined;
    readonly clientAuth?: ClientAuth | undefined;
    readonly clients?: TlsTerms["clients"];
    readonly ciphers?: string | undefined;
    readonly serverCipherOrder?: boolean | undefined;
    readonly passthrough?: boolean | undefined;
  };
  /** Stops, once a location is rendered with them. */
  readonly stops: readonly Stop[];
  /** Effects of annotations on every request, one sentence each, after the routes' reasons. */
  readonly notes: readonly Reason[];
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
const DEFAULT_LOCATION: LocationSettings = { sslRedirect: "with-tls" };

export const DEFAULT_TRANSPORT: Transport = {
  protocol: "HTTP",
  bodyLimit: 1024 * 1024,
  connectTimeoutMs: 5_000,
  readTimeoutMs: 60_000,
  sendTimeoutMs: 60_000,
  nextUpstream: DEFAULT_NEXT_UPSTREAM,
  buffers: DEFAULT_BUFFERS,
};

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

/** Absent fields stay absent: a field more gives each copy its own V8 hidden class. */
export function withLocation(settings: IngressSettings, more: Partial<LocationSettings>): IngressSettings {
  return { ...settings, location: { ...settings.location, ...more } };
}

export function withRequestHeaders(
  settings: IngressSettings,
  headers: RequestHeaders,
  note: Reason,
): IngressSettings {
  const requestHeaders = { ...settings.location.requestHeaders, ...headers };
  return withNote(withLocation(settings, { requestHeaders }), note);
}

export function withResponseRewrites(
  settings: IngressSettings,
  more: Omit<ResponseRewritesStep, "kind">,
  note: Reason,
): IngressSettings {
  const before = settings.location.responseRewrites;
  const responseRewrites: ResponseRewritesStep = { ...before, ...more, kind: "response-rewrites" };
  return withNote(withLocation(settings, { responseRewrites }), note);
}

export function withTransport(settings: IngressSettings, more: Partial<Transport>): IngressSettings {
  return { ...settings, transport: { ...settings.transport, ...more } };
}

export function withNote(settings: IngressSettings, note: Reason): IngressSettings {
  return { ...settings, notes: [...settings.notes, note] };
}

export function withBalancing(settings: IngressSettings, more: Partial<BalancingSettings>): IngressSettings {
  return { ...settings, balancing: { ...settings.balancing, ...more } };
}
