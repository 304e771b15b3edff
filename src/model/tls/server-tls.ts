import type { Pattern } from "../pattern.ts";

/** Client certificates: `auth-tls-*`. */
export interface ClientAuth {
  /** The annotation and its Ingress. */
  readonly named: string;
  /** The Secret has a `ca.crt`; without one no certificate is requested. */
  readonly asked: boolean;
  /** The absent Secret that a made-up certificate replaces. */
  readonly standsInFor?: string | undefined;
  /** `auth-tls-verify-client`. */
  readonly verify: "on" | "off" | "optional" | "optional_no_ca";
  /** `auth-tls-error-page`: for clients without a valid certificate; a path is served by the same server. */
  readonly errorPage?: string | undefined;
  /** `auth-tls-pass-certificate-to-upstream`. */
  readonly passCertificate: boolean;
  /** `auth-tls-match-cn`: must match the certificate's subject. */
  readonly matchCn?: Pattern | undefined;
}

/** TLS settings of one host. The object stays the same while they do: contexts are cached by it. */
export interface TlsTerms {
  /** `ssl-ciphers` as an OpenSSL list. default: the usual ones */
  readonly ciphers?: string | undefined;
  /** `ssl-prefer-server-ciphers`. default: the usual */
  readonly serverCipherOrder?: boolean | undefined;
  /** `ssl-protocols` of the ConfigMap, in nginx's words. default: the usual two */
  readonly protocols?: readonly string[] | undefined;
  /** `ssl-ecdh-curve` of the ConfigMap, as an OpenSSL list. default: OpenSSL's */
  readonly curves?: string | undefined;
  /** The Secret for names without one of their own, `NAMESPACE/NAME`. default: the controller's */
  readonly certificate?: string | undefined;
  /** HTTP/2 is not offered. default: as on other ports */
  readonly http2?: "off" | undefined;
  /** Clients need a certificate of these authorities. */
  readonly clients?:
    | {
        /** PEM. */
        readonly ca: string;
        /** Certificate revocation list (PEM). */
        readonly crl?: string | undefined;
        /** `auth-tls-verify-depth`: certificates between the client's and the authority's. */
        readonly depth: number;
        /**
         * The handshake fails without a good one, with one that is not good ("good if shown"), or without any. default:
         * the request is answered
         */
        readonly required?: true | "good if shown" | "any" | undefined;
      }
    | undefined;
}
