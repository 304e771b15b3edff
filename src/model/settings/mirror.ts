import type { Backend } from "../route.ts";
import type { VariableText } from "../variable-text.ts";

/** `mirror-target`: every request of a location is sent there as well, and the answer thrown away. */
export interface MirrorSettings {
  readonly target: VariableText;
  /** `mirror-host`, or the host that the target names. */
  readonly host: VariableText;
  /** `mirror-request-body`. */
  readonly body: "sent" | "left-out";
}

/** The copy of one request. */
export interface Mirror {
  readonly scheme: "http" | "https";
  /** Where it goes: a Service that is named as the cluster's DNS has it, or any other host. */
  readonly to: Backend | { readonly host: string; readonly port: number };
  /** Path and query, one char a byte. */
  readonly path: string;
  /** The `Host` header. */
  readonly host: string;
  readonly body: MirrorSettings["body"];
}
