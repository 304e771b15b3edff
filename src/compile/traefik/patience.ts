/** Half a second at slow rates, else half the time of a request at the whole rate (pkg/middlewares/ratelimiter). unit: requests */
export function patienceOf(perSecond: number): number {
  const rate = perSecond / 1_000;
  return rate < 1 ? rate / 2 : rate / (2 * Math.floor(rate));
}
