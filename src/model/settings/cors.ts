import type { HeaderLine } from "../decision.ts";
import type { Pattern } from "../pattern.ts";

/** `enable-cors` and the annotations that go with it. */
export interface CorsSettings {
  /** `any`: every request, whatever its `Origin`. A pattern: those whose `Origin` it matches. `none`: not one. */
  readonly origins: "any" | "none" | Pattern;
  /** What goes along with `Access-Control-Allow-Origin`. */
  readonly headers: readonly HeaderLine[];
  /** `the annotation enable-cors of Ingress default/web`. */
  readonly annotation: string;
}
