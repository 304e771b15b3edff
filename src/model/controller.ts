import type { Addresses } from "./addresses.ts";
import { type ClientOptions, DEFAULT_CLIENT_OPTIONS } from "./client-options.ts";
import type { Pattern } from "./pattern.ts";
import type { VariableText } from "./route/variable-text.ts";
import type { TlsTerms } from "./tls/server-tls.ts";

/** `use-forwarded-headers`, `enable-real-ip`: which forwarded headers are trusted. */
export interface Forwarded {
  /**
   * All, including `X-Forwarded-Proto`, `-Port` and `-Host` (`use-forwarded-headers`), only the address
   * (`enable-real-ip`), or only a PROXY line (`use-proxy-protocol`).
   */
  readonly trusts: "all" | "address" | "proxy-line";
  /** Header with the client's address, lower case (`forwarded-for-header`). */
  readonly header: string;
  /** The client is this many addresses from the header's end, whoever sends (`num_trusted_hops`). default: by `trusted` */
  readonly hops?: number | undefined;
  /** Trusted senders (`proxy-real-ip-cidr`). */
  readonly trusted: Addresses;
  /** `whole`: the backend gets every address (`compute-full-forwarded-for`). */
  readonly chain: "whole" | "client";
}

/** Client headers passed on as `X-Original-Forwarded-For` and `-Host`, lower case. */
export interface OriginalHeaders {
  /** `forwarded-for-header`. */
  readonly for: string;
  /** `forwarded-host-header`. */
  readonly host: string;
}

/** A header with nginx variables in its value. */
export type SetHeader = readonly [name: string, value: VariableText];

/** Options that block values of a header with 403. */
export type BlockOption = "block-user-agents" | "block-referers";

/** Blocked values in nginx's order. */
export interface BlockedValues {
  readonly option: BlockOption;
  /** Lower case. */
  readonly header: string;
  /** Whole values, lower case. */
  readonly texts: readonly string[];
  readonly patterns: readonly Pattern[];
}

/** Effects of the controller's ConfigMap on every request. Its defaults of annotations are in the routes. */
export interface ControllerOptions {
  /** `hsts`, `hsts-max-age` …. default: not sent */
  readonly hsts?: string | undefined;
  /** `http-redirect-code`, for redirects to https. */
  readonly redirectStatus: number;
  /** `no-tls-redirect-locations`: paths with these beginnings are not redirected to https. */
  readonly noTlsRedirect: readonly string[];
  readonly forwarded?: Forwarded | undefined;
  /** default: `X-Forwarded-For` and `X-Forwarded-Host` */
  readonly originals?: OriginalHeaders | undefined;
  /** On all responses: `hide-headers` (empty values), `server-tokens`, `add-headers`. */
  readonly everywhere?: readonly SetHeader[] | undefined;
  /** `proxy-set-headers`, `proxy-add-original-uri-header`: on every backend request. */
  readonly requestHeaders?: readonly SetHeader[] | undefined;
  /** TLS settings of hosts without their own. default: the usual ones */
  readonly tls?: TlsTerms | undefined;
  /** `use-http2`, for the https listener. */
  readonly http2: "on" | "off";
  readonly client: ClientOptions;
  /** Refuses TLS for unknown hosts: with an alert (`ssl-reject-handshake`), or by a reset. default: they are served */
  readonly strangers?: "rejected" | "reset" | undefined;
  /** `allow-backend-server-header` with `server-tokens`: a backend's `Server` replaces nginx's. */
  readonly backendServer?: "passed" | undefined;
  readonly blocked?: readonly BlockedValues[] | undefined;
  /** `default-type` of nginx's answers without page. default: text/html */
  readonly defaultType?: string | undefined;
  /** `nginx-status-ipv4-whitelist` and `-ipv6-`. default: this machine */
  readonly statusShownTo?: Addresses | undefined;
}

/** Defaults of ingress-nginx v1.15 (internal/ingress/controller/config/config.go). */
export const DEFAULT_CONTROLLER_OPTIONS: ControllerOptions = {
  hsts: "max-age=31536000; includeSubDomains",
  redirectStatus: 308,
  noTlsRedirect: ["/.well-known/acme-challenge"],
  http2: "on",
  client: DEFAULT_CLIENT_OPTIONS,
};
