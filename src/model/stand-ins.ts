/**
 * Replacements for Secrets that Ingresses name and files lack, because the cluster may have them. Never more
 * open than the Secret: clients have to know the made-up values.
 */
export interface StandIns {
  /** For `auth-secret`. default: nobody comes in */
  readonly user?: { readonly name: string; readonly password: string } | undefined;
  /** For `auth-tls-secret`: PEM certificates by Secret name. default: no client certificate is valid */
  readonly authorities?: ReadonlyMap<string, string> | undefined;
}
