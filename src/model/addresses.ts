import type { BlockList } from "node:net";

export interface Addresses {
  readonly written: readonly string[];
  /** Each checks only addresses of its family: `::/0` contains no IPv4 client, as in nginx. */
  readonly ipv4: Pick<BlockList, "check">;
  readonly ipv6: Pick<BlockList, "check">;
}
