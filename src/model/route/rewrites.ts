import type { HeaderLine } from "../decision.ts";
import type { Pattern } from "../pattern.ts";
import type { Backend } from "../route.ts";
import type { VariablePart } from "./variable-text.ts";

/** The copy of one request (`mirror-target`, `request_mirror_policies`). */
export interface Mirror {
  readonly scheme: "http" | "https";
  /** A Service that is named as the cluster's DNS has it, or any other host. */
  readonly to: Backend | { readonly host: string; readonly port: number };
  /** Path and query, one char a byte. */
  readonly path: string;
  /** The `Host` header. */
  readonly host: string;
  readonly body: "sent" | "left-out";
  /** "as the backend": what the backend is told, by HTTP/1.1. default: the client's headers alone, by HTTP/1.0 */
  readonly told?: "as the backend" | undefined;
}

/** Done to the headers of one response of a backend. */
export interface ResponseRewrites {
  /** `Location` and `Refresh`. */
  readonly redirect?: Replacement | undefined;
  /** Attributes of `Set-Cookie`. */
  readonly cookieDomain?: Replacement | undefined;
  readonly cookiePath?: Replacement | undefined;
  /** After the two above. */
  readonly cookies?: readonly CookieChange[] | undefined;
  /** Lines that stand behind those of the backend, whose names they may share. */
  readonly beside?: readonly HeaderLine[] | undefined;
  /** Values that the backend's line of the name gets behind a comma. */
  readonly listed?: readonly HeaderLine[] | undefined;
}

/** Attributes of the cookie of a name; case counts. */
export interface CookieChange {
  readonly name: string;
  /** `Path=/x` by `Path`; `undefined`: taken away. */
  readonly attributes: ReadonlyMap<string, string | undefined>;
}

/** One replacement in a value. */
export interface Replacement {
  /** The beginning of the value (a domain: all of it), or an expression that it matches: then the whole is replaced. */
  readonly from: string | Pattern;
  /** Literals, and groups of the expression, by number or name. */
  readonly to: readonly VariablePart[];
}
