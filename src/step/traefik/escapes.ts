import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";
import { answeredBy, targetNow } from "./target.ts";

/** `encodedCharacters`: refuses paths with these escapes. */
export interface RefusedEscapesStep {
  readonly kind: "refused-escapes";
  /** `2F` */
  readonly escapes: readonly string[];
  readonly by: string;
}

/** pkg/middlewares/encodedcharacters: 400 without a body */
export function refuseEscapes(at: Arrival, { escapes, by }: RefusedEscapesStep): Change | undefined {
  const { escaped } = targetNow(at);
  const found = escapes.find((hex) => escaped.includes(`%${hex}`));
  return found === undefined ? undefined : answeredBy(at, 400, "", `${by} refuses %${found} in a path`);
}
