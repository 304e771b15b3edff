/** How nginx writes the `Location` of redirects to this host. */
export interface RedirectForm {
  /** `relative-redirects`: the path alone. */
  readonly relative: boolean;
  /** `preserve-trailing-slash`: a redirect to https keeps a slash at the end. */
  readonly keepsSlash: boolean;
  /** `use-port-in-redirects`: a redirect to https names the port. */
  readonly namesPort: boolean;
}
