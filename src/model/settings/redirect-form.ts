/** The form of `Location` in redirects to this host. */
export interface RedirectForm {
  /** `relative-redirects`: only the path. */
  readonly relative: boolean;
  /** `preserve-trailing-slash`, in redirects to https. */
  readonly keepsSlash: boolean;
  /** `use-port-in-redirects`, in redirects to https. */
  readonly namesPort: boolean;
}
