import { expect, test } from "vitest";
import type { Rate } from "../../src/model/guard.ts";
import { createZones, MOST_BUCKETS } from "../../src/proxy/decide/guards/zones.ts";

const rate = (perSecond: number, burst: number, zone = "z"): Rate => ({
  zone,
  annotation: "limit-rps",
  perSecond,
  burst,
});

// ngx_http_limit_req_lookup counts in thousandths: + 1000 per request, - rate * ms / 1000 between two.
test.each([
  // rate a second  burst  ms of the requests                      passed                            what the case shows
  [1000, 0, [0, 0, 999, 1000, 1001], "y n n y n", "without a burst one a second"],
  [1000, 2, [0, 0, 0, 0], "y y y n", "the first fills nothing: burst + 1 at once"],
  [1000, 2, [0, 0, 0, 1000, 1000], "y y y y n", "a second makes room for one more"],
  [1000, 2, [0, 0, 0, 999, 1000], "y y y n y", "not a millisecond earlier, and a refused one does not count"],
  [
    16,
    5,
    [0, 0, 0, 0, 0, 0, 0, 62_499, 62_500],
    "y y y y y y n n y",
    "limit-rpm: 1 leaks 16 thousandths a second",
  ],
  [1000, 0, [0, 100_000, 100_000], "y y n", "no credit is saved up"],
])("%i a second, burst %i, at %j: %s (%s)", (perSecond, burst, times, passed) => {
  let now = 0;
  const zones = createZones(() => now);
  const answers = times.map((time) => {
    now = time;
    return zones.take([rate(perSecond, burst)], "127.0.0.1") === undefined ? "y" : "n";
  });
  expect(answers.join(" ")).toBe(passed);
});

test("each client has a count of its own, and each zone", () => {
  const zones = createZones(() => 0);
  const ask = (client: string, zone: string) => zones.take([rate(1000, 0, zone)], client) === undefined;
  expect([ask("a", "1"), ask("a", "1"), ask("b", "1"), ask("a", "2")]).toEqual([true, false, true, true]);
});

test("a request over one rate counts against none", () => {
  const zones = createZones(() => 0);
  const wide = rate(1000, 1, "wide");
  const narrow = rate(1000, 0, "narrow");
  zones.take([narrow], "a");
  expect(zones.take([wide, narrow], "a")).toBe(narrow);
  expect(zones.take([wide], "a")).toBeUndefined();
  expect(zones.take([wide], "a")).toBeUndefined();
  expect(zones.take([wide], "a")).toBe(wide);
});

test("what is kept is bounded: whoever was not seen for longest is forgotten", () => {
  const zones = createZones(() => 0);
  const one = rate(1000, 0);
  for (const client of ["early", "late"]) zones.take([one], client);
  for (let i = 0; i < MOST_BUCKETS - 1; i++) zones.take([one], String(i));
  expect(zones.take([one], "late")).toBe(one);
  expect(zones.take([one], "early")).toBeUndefined();
});

test("requests in progress are counted until they are over, each once", () => {
  const zones = createZones(() => 0);
  const two = { zone: "z", atOnce: 2 };
  const first = zones.enter(two, "a");
  const second = zones.enter(two, "a");
  expect(first && second).toBeDefined();
  expect(zones.enter(two, "a")).toBeUndefined();
  expect(zones.enter(two, "b")).toBeDefined();
  first?.();
  first?.();
  expect(zones.enter(two, "a")).toBeDefined();
  expect(zones.enter(two, "a")).toBeUndefined();
});
