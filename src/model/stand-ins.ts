/**
 * In the place of Secrets that Ingresses name and files lack: the cluster may have them. Never more open than the
 * Secret would be: whoever comes in has to know what was made up.
 */
export interface StandIns {
  /** For `auth-secret`; absent: nobody comes in. */
  readonly user?: { readonly name: string; readonly password: string } | undefined;
  /** For `auth-tls-secret`: certificates in PEM, by the name of the Secret; absent: no client's certificate is good. */
  readonly authorities?: ReadonlyMap<string, string> | undefined;
}
