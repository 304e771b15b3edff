/** A certificate with the key that belongs to it, in PEM. */
export interface PemPair {
  readonly cert: string;
  readonly key: string;
}

/** How TLS is spoken to the pods: `proxy-ssl-*`. */
export interface ProxySsl {
  /** What connections are told apart by: everything below, as one text. */
  readonly key: string;
  /** Shown to a pod that asks for a certificate. */
  readonly pair?: PemPair | undefined;
  /** Whom we believe, in PEM; absent where the Secret names nobody: then nothing is verified. */
  readonly ca?: string | undefined;
  /** `proxy-ssl-verify`. */
  readonly verify: boolean;
  /** Most certificates between the pod's and the one we believe: `proxy-ssl-verify-depth`. */
  readonly verifyDepth: number;
  /** As OpenSSL writes a list of ciphers; absent for its own. */
  readonly ciphers?: string | undefined;
  /** `TLSv1.2`; empty for all that are known. */
  readonly protocols: readonly string[];
  /** The name that the pod's certificate has to be for: `proxy-ssl-name`. */
  readonly name: string;
  /** Whether the name is sent as well (SNI): `proxy-ssl-server-name`. */
  readonly sendName: boolean;
}
