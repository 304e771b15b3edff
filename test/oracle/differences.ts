import type { Seen } from "./both.ts";
import type { OracleRequest } from "./requests.ts";

/** An intended difference of ingress-dev, or one between the nginx versions. */
export interface Difference {
  /** The heading of its section in `docs/differences.md`. */
  readonly name: string;
  readonly covers: (request: OracleRequest, nginx: Seen, ours: Seen) => boolean;
}

/** Intended differences, with reasons in `docs/differences.md`. Any other one fails the test. */
export const DIFFERENCES: readonly Difference[] = [
  {
    name: "A rewrite to something that is no path",
    covers: (_, nginx, ours) =>
      nginx.path !== undefined && !nginx.path.startsWith("/") && ours.status === 400,
  },
  {
    name: "An address in brackets, redirected to https",
    covers: (_, nginx, ours) =>
      nginx.status === ours.status &&
      ours.location !== undefined &&
      nginx.location === ours.location.replace(/^https:\/\/\[[^\]]*\]/, "https://["),
  },
  {
    name: "No Host header, and a redirect to the slash",
    covers: ({ form }, nginx, ours) =>
      form === "HTTP/1.0 without Host" &&
      nginx.status === 301 &&
      ours.status === 301 &&
      ours.location?.startsWith("http:///") === true,
  },
];
