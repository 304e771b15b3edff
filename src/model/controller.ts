import type { Addresses } from "./addresses.ts";
import { type ClientOptions, DEFAULT_CLIENT_OPTIONS } from "./client-options.ts";
import type { HeaderLine } from "./decision.ts";
import type { VariableText } from "./settings/variable-text.ts";

/** `use-forwarded-headers`, `enable-real-ip`: what a client's own headers are believed. */
export interface Forwarded {
  /** Whether `X-Forwarded-Proto`, `-Port` and `-Host` are believed (`use-forwarded-headers`); else only the address. */
  readonly believed: "all" | "address";
  /** Which header has the client's address, in lower case (`forwarded-for-header`). */
  readonly header: string;
  /** From whom it is taken (`proxy-real-ip-cidr`). */
  readonly trusted: Addresses;
  /** Whether the backend gets the whole way (`compute-full-forwarded-for`), or the client's address alone. */
  readonly chain: "whole" | "client";
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
  /** `add-headers`, on every response. */
  readonly responseHeaders?: readonly HeaderLine[] | undefined;
  /** `hide-headers`, in lower case: taken out of what backends answer. */
  readonly hiddenHeaders?: readonly string[] | undefined;
  /** `proxy-set-headers`, `proxy-add-original-uri-header`: on every request to a backend. */
  readonly requestHeaders?: readonly (readonly [name: string, value: VariableText])[] | undefined;
  /** `use-http2`: what the https listener speaks. */
  readonly http2: "on" | "off";
  /** `server-tokens`: what nginx calls itself, in its pages and in `Server`. */
  readonly serverTokens: "on" | "off";
  readonly client: ClientOptions;
}

/** A controller whose ConfigMap says nothing, as of ingress-nginx v1.15 (internal/ingress/controller/config/config.go). */
export const DEFAULT_CONTROLLER_OPTIONS: ControllerOptions = {
  hsts: "max-age=31536000; includeSubDomains",
  redirectStatus: 308,
  noTlsRedirect: ["/.well-known/acme-challenge"],
  http2: "on",
  serverTokens: "off",
  client: DEFAULT_CLIENT_OPTIONS,
};
