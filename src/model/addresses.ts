import type { BlockList } from "node:net";

/** IP addresses, written down as addresses and networks. */
export interface Addresses {
  /** As written, in order. */
  readonly written: readonly string[];
  /** Knows whether an address is among them. */
  readonly list: Pick<BlockList, "check">;
}
