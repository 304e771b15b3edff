import type { Pattern } from "../pattern.ts";

/** What is asked of the certificates of clients: `auth-tls-*`. */
export interface ClientAuth {
  /** Which annotation of which Ingress says so. */
  readonly named: string;
  /** Whether the Secret has a `ca.crt`; without one no certificate is asked for. */
  readonly asked: boolean;
  /** The Secret that is absent, where a certificate was made up for it. */
  readonly standsInFor?: string | undefined;
  /** `auth-tls-verify-client`. */
  readonly verify: "on" | "off" | "optional" | "optional_no_ca";
  /** `auth-tls-error-page`: where a client without a good certificate is sent; a path is served in the same server. */
  readonly errorPage?: string | undefined;
  /** `auth-tls-pass-certificate-to-upstream`. */
  readonly passCertificate: boolean;
  /** `auth-tls-match-cn`: has to be found in the subject of the certificate. */
  readonly matchCn?: Pattern | undefined;
}

/** How TLS is spoken for one host. One object for as long as the host is compiled so: contexts are kept by it. */
export interface TlsTerms {
  /** `ssl-ciphers`, as OpenSSL writes a list; absent for the usual ones. */
  readonly ciphers?: string | undefined;
  /** `ssl-prefer-server-ciphers`; absent for the usual. */
  readonly serverCipherOrder?: boolean | undefined;
  /** `ssl-protocols` of the ConfigMap, as nginx writes them; absent for the usual two. */
  readonly protocols?: readonly string[] | undefined;
  /** `ssl-ecdh-curve` of the ConfigMap, as OpenSSL writes a list; absent for its own. */
  readonly curves?: string | undefined;
  /** Clients are asked for a certificate of these authorities. */
  readonly clients?:
    | {
        /** In PEM. */
        readonly ca: string;
        /** Certificates that were called back, in PEM. */
        readonly crl?: string | undefined;
        /** Most certificates between a client's and the authority's: `auth-tls-verify-depth`. */
        readonly depth: number;
      }
    | undefined;
}
