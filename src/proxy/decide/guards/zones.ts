import type { LimitGuard, Rate } from "../../../model/guard.ts";

/** One client in one rate zone. Counts are thousandths of a request, as in nginx. */
interface Bucket {
  excess: number;
  /** unit: ms */
  last: number;
}

/**
 * The counts of `limit_req` and `limit_conn`. They outlive a new table, as nginx's zones outlive a reload; a
 * zone's name identifies it.
 */
export interface Zones {
  /** Counts a request against all rates, or against none if one is exceeded: returns that one. */
  take(rates: readonly Rate[], client: string): Rate | undefined;
  /** The rest of a client's rate. unit: requests */
  left(rate: Rate, client: string): number;
  /** Admits a request until the returned function is called; `undefined` if too many are in progress. */
  enter(connections: NonNullable<LimitGuard["connections"]>, client: string): (() => void) | undefined;
}

/**
 * Clients in all zones together, about as many as in nginx's 5 MiB per zone. The least recent are dropped.
 */
export const MOST_BUCKETS = 65_536;

/** `clock`: monotonic ms */
export function createZones(clock: () => number): Zones {
  // Ordered by last request.
  const buckets = new Map<string, Bucket>();
  const inside = new Map<string, number>();
  const keep = (key: string, bucket: Bucket) => {
    buckets.delete(key);
    buckets.set(key, bucket);
    const oldest = buckets.keys().next();
    if (buckets.size > MOST_BUCKETS && !oldest.done) buckets.delete(oldest.value);
  };
  return {
    take(rates, client) {
      const now = Math.floor(clock());
      const after = rates.map((rate) => {
        const key = `${rate.zone} ${client}`;
        return { rate, key, bucket: pour(buckets.get(key), rate, now) };
      });
      const over = after.find(
        ({ rate, bucket }) => bucket.excess > (rate.burst + (rate.patience ?? 0)) * 1000,
      );
      if (over !== undefined) return over.rate;
      for (const { key, bucket } of after) keep(key, bucket);
      return undefined;
    },
    left(rate, client) {
      const bucket = buckets.get(`${rate.zone} ${client}`);
      if (bucket === undefined) return rate.burst + 1;
      const leaked = (rate.perSecond * (Math.floor(clock()) - bucket.last)) / 1000;
      return rate.burst - Math.max(-1000, bucket.excess - leaked) / 1000;
    },
    enter({ zone, atOnce }, client) {
      const key = `${zone} ${client}`;
      const count = inside.get(key) ?? 0;
      if (count >= atOnce) return undefined;
      inside.set(key, count + 1);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        const rest = (inside.get(key) ?? 1) - 1;
        if (rest === 0) inside.delete(key);
        else inside.set(key, rest);
      };
    },
  };
}

/** The leaky bucket plus one request (ngx_http_limit_req_lookup); a client's first request adds nothing. */
function pour(bucket: Bucket | undefined, { perSecond }: Rate, now: number): Bucket {
  if (bucket === undefined) return { excess: 0, last: now };
  const leaked = Math.trunc((perSecond * (now - bucket.last)) / 1000);
  // Requests of the same millisecond do not move the time.
  return { excess: Math.max(0, bucket.excess - leaked + 1000), last: now };
}
