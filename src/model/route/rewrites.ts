import type { HeaderLine } from "../decision.ts";
import type { Pattern } from "../pattern.ts";
import type { Backend } from "../route.ts";
import type { VariablePart } from "./variable-text.ts";

/** The copy of one request (`mirror-target`). */
export interface Mirror {
  readonly scheme: "http" | "https";
  /** A Service that is named as the cluster's DNS has it, or any other host. */
  readonly to: Backend | { readonly host: string; readonly port: number };
  /** Path and query, one char a byte. */
  readonly path: string;
  /** The `Host` header. */
  readonly host: string;
  readonly body: "sent" | "left-out";
}

/** Done to the headers of one response of a backend. */
export interface ResponseRewrites {
  /** `Location` and `Refresh`. */
  readonly redirect?: Replacement | undefined;
  /** Attributes of `Set-Cookie`. */
  readonly cookieDomain?: Replacement | undefined;
  readonly cookiePath?: Replacement | undefined;
  /** Lines that stand behind those of the backend, whose names they may share. */
  readonly beside?: readonly HeaderLine[] | undefined;
}

/** One replacement in a value. */
export interface Replacement {
  /** The beginning of the value (a domain: all of it), or an expression that it matches: then the whole is replaced. */
  readonly from: string | Pattern;
  /** Literals, and groups of the expression, by number or name. */
  readonly to: readonly VariablePart[];
}
