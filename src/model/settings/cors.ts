import type { HeaderLine } from "../decision.ts";
import type { Pattern } from "../pattern.ts";

/** `enable-cors` and its companions. */
export interface CorsSettings {
  /** `any`: every request. A pattern: requests with a matching `Origin`. `none`: none. */
  readonly origins: "any" | "none" | Pattern;
  /** Sent beside `Access-Control-Allow-Origin`. */
  readonly headers: readonly HeaderLine[];
  /** `the annotation enable-cors of Ingress default/web` */
  readonly annotation: string;
}
