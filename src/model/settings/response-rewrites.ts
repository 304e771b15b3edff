import type { Pattern } from "../pattern.ts";
import type { VariablePart, VariableText } from "../variable-text.ts";

/** What annotations change in the headers of a backend's response. */
export interface ResponseRewriteSettings {
  /** `proxy-redirect-from` and `-to`: `Location` and `Refresh`. */
  readonly redirect?: { readonly from: VariableText | Pattern; readonly to: VariableText } | undefined;
  /** `proxy-cookie-domain` and `proxy-cookie-path`: attributes of `Set-Cookie`. */
  readonly cookieDomain?: Replacement | undefined;
  readonly cookiePath?: Replacement | undefined;
}

/** The same for one request: every variable of the request has its value. */
export interface ResponseRewrites {
  readonly redirect?: Replacement | undefined;
  readonly cookieDomain?: Replacement | undefined;
  readonly cookiePath?: Replacement | undefined;
}

/** One replacement in a value. */
export interface Replacement {
  /** What the value begins with (a domain: what it is), or an expression that it matches: then the whole is replaced. */
  readonly from: string | Pattern;
  /** Literals, and what the expression's groups held, by number or name. */
  readonly to: readonly VariablePart[];
}
