/** How the `Location` of redirects is written that nginx makes of the request itself. */
export interface RedirectForm {
  /** `relative-redirects`: the path alone, where only a slash is added. */
  readonly relative: boolean;
  /** `preserve-trailing-slash`: a redirect to https keeps a slash at the end. */
  readonly keepsSlash: boolean;
  /** `use-port-in-redirects`: a redirect to https names the port. */
  readonly namesPort: boolean;
}
