import type { Deciding } from "../decide/deciding.ts";

/** Needed by listeners. */
export interface Listening extends Deciding {
  /** For new https connections. */
  readonly http2Offer: () => "on" | "off";
}
