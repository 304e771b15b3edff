import type { ClientCounts } from "../../src/match/outcome/limits.ts";
import { createZones } from "../../src/proxy/decide/guards/zones.ts";

/** Counts of clients who ask one request after the other, so fast that no time passes. */
export function clientCounts(): ClientCounts {
  const { take, left, enter } = createZones(() => 0);
  return {
    take,
    left,
    enter(connections, client) {
      const leave = enter(connections, client);
      leave?.();
      return leave === undefined ? "full" : "entered";
    },
  };
}
