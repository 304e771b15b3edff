import type { BlockList } from "node:net";

/** IP addresses, written down as addresses and networks. */
export interface Addresses {
  /** As written, in order. */
  readonly written: readonly string[];
  /** Each knows whether an address of its family is among them: `::/0` is no IPv4 client's, as in nginx. */
  readonly ipv4: Pick<BlockList, "check">;
  readonly ipv6: Pick<BlockList, "check">;
}
