import type { Addresses } from "./addresses.ts";
import { type ClientOptions, DEFAULT_CLIENT_OPTIONS } from "./client-options.ts";
import type { Pattern } from "./pattern.ts";
import type { TlsTerms } from "./server-tls.ts";
import type { VariableText } from "./variable-text.ts";

/** `use-forwarded-headers`, `enable-real-ip`: what a client's own headers are believed. */
export interface Forwarded {
  /**
   * Everything is believed, `X-Forwarded-Proto`, `-Port` and `-Host` too (`use-forwarded-headers`), only the address
   * (`enable-real-ip`), or nothing but a PROXY line (`use-proxy-protocol`).
   */
  readonly believed: "all" | "address" | "proxy-line";
  /** Which header has the client's address, in lower case (`forwarded-for-header`). */
  readonly header: string;
  /** From whom it is taken (`proxy-real-ip-cidr`). */
  readonly trusted: Addresses;
  /** Whether the backend gets the whole way (`compute-full-forwarded-for`), or the client's address alone. */
  readonly chain: "whole" | "client";
}

/** Which headers of a client's are passed on as `X-Original-Forwarded-For` and `-Host`, in lower case. */
export interface OriginalHeaders {
  /** `forwarded-for-header`. */
  readonly for: string;
  /** `forwarded-host-header`. */
  readonly host: string;
}

/** A header that the controller sets, and its value with nginx's variables in it. */
export type SetHeader = readonly [name: string, value: VariableText];

/** An option that lists values of a header, requests with which are answered with 403. */
export type BlockOption = "block-user-agents" | "block-referers";

/** The values of a header that are blocked, in nginx's order. */
export interface BlockedValues {
  readonly option: BlockOption;
  /** In lower case. */
  readonly header: string;
  /** Whole values, in lower case. */
  readonly texts: readonly string[];
  readonly patterns: readonly Pattern[];
}

/**
 * What the options of the controller's own ConfigMap do to every request, whichever Ingress it is for. What they do to
 * the defaults of annotations is in the routes already.
 */
export interface ControllerOptions {
  /** The value of `Strict-Transport-Security` (`hsts`, `hsts-max-age` …); `undefined`: none is sent. */
  readonly hsts?: string | undefined;
  /** `http-redirect-code`: of redirects to https. */
  readonly redirectStatus: number;
  /** `no-tls-redirect-locations`: paths of Ingresses that begin so are not redirected to https. */
  readonly noTlsRedirect: readonly string[];
  readonly forwarded?: Forwarded | undefined;
  /** `forwarded-for-header` and `forwarded-host-header`; default: `X-Forwarded-For` and `X-Forwarded-Host`. */
  readonly originals?: OriginalHeaders | undefined;
  /**
   * On every response, whoever makes it: `hide-headers` (empty, so taken away), `server-tokens`, `add-headers`.
   */
  readonly everywhere?: readonly SetHeader[] | undefined;
  /** `proxy-set-headers`, `proxy-add-original-uri-header`: on every request to a backend. */
  readonly requestHeaders?: readonly SetHeader[] | undefined;
  /** How TLS is spoken with every client, where an Ingress does not say otherwise; absent for the usual. */
  readonly tls?: TlsTerms | undefined;
  /** `use-http2`: what the https listener speaks. */
  readonly http2: "on" | "off";
  readonly client: ClientOptions;
  /** `ssl-reject-handshake`: a TLS client that asks for no host of ours is turned away. */
  readonly strangers?: "rejected" | undefined;
  /** `allow-backend-server-header` with `server-tokens`: a backend's `Server` takes the place of nginx's. */
  readonly backendServer?: "passed" | undefined;
  readonly blocked?: readonly BlockedValues[] | undefined;
  /** `default-type`: the type of what nginx answers without a page; absent for text/html. */
  readonly defaultType?: string | undefined;
  /** `nginx-status-ipv4-whitelist` and `-ipv6-`; absent for this machine. */
  readonly statusShownTo?: Addresses | undefined;
}

/**
 * A controller whose ConfigMap says nothing, as of ingress-nginx v1.15 (internal/ingress/controller/config/config.go).
 */
export const DEFAULT_CONTROLLER_OPTIONS: ControllerOptions = {
  hsts: "max-age=31536000; includeSubDomains",
  redirectStatus: 308,
  noTlsRedirect: ["/.well-known/acme-challenge"],
  http2: "on",
  client: DEFAULT_CLIENT_OPTIONS,
};
