import { headersThatDiffer } from "../../../diff/aspects.ts";
import type { Difference } from "../../../diff/difference.ts";
import type { ReasonCode } from "../../../model/reason.ts";
import type { ExplainedParts, GeneralChange } from "../target.ts";

const ALL: ExplainedParts = { aspects: "all" };

/** What Envoy does otherwise than nginx, for everybody. The first that fits is what a reader would name. */
export const NGINX_TO_ENVOY: readonly GeneralChange[] = [
  {
    id: "own-paths",
    message: "ingress-nginx answers /healthz and /nginx_status itself on hosts that no Ingress names",
    explains: ({ first }) => (isFirstCode(first, "health-check", "nginx-status") ? ALL : undefined),
  },
  {
    id: "escaped-slashes",
    message: "Envoy decodes %2F and %5C in a path, and sends the client to the path with the slash (307)",
    explains: ({ second }) => (isFirstCode(second, "escaped-slash") ? ALL : undefined),
  },
  {
    id: "normalised-paths",
    message: "Envoy sends the path on with dots, slashes and escapes resolved; nginx sends it as it came",
    explains: ({ request }) => (isOdd(request.target) ? ALL : undefined),
  },
  {
    id: "https-without-certificate",
    message: "nothing answers https for a host without certificate; nginx answers with its own one",
    explains: ({ first, second }) =>
      isFirstCode(second, "misdirected") && first.behaviour.certificate === "none" ? ALL : undefined,
  },
  {
    id: "malformed-requests",
    message: "nginx and Envoy refuse other requests as malformed, or with other statuses",
    explains: ({ first, second }) => (isMalformed(first) || isMalformed(second) ? ALL : undefined),
  },
  {
    id: "body-limit",
    message: "Envoy takes bodies of any size; nginx refuses what is above proxy-body-size (1 MiB) with 413",
    explains: ({ first }) => (isFirstCode(first, "body-limit") ? ALL : undefined),
  },
  {
    id: "redirect-slash",
    message: "a redirect to https keeps the path as it came; nginx drops a slash at its end",
    explains: ({ first, second }) =>
      first.behaviour.kind === "redirect" &&
      first.behaviour.location === second.behaviour.location?.replace(/\/$/, "")
        ? { aspects: ["location"] }
        : undefined,
  },
  {
    id: "hsts",
    message: "nginx adds Strict-Transport-Security to answers by https (option hsts); Envoy adds nothing",
    explains: ({ request }) =>
      request.scheme === "https" ? { responseHeaders: ["strict-transport-security"] } : undefined,
  },
  {
    id: "own-pages",
    message: "the pages of own answers differ",
    explains: ({ first, second }) =>
      first.behaviour.kind === "respond" && second.behaviour.kind === "respond"
        ? { responseHeaders: headersOfOwnPages({ first, second }) }
        : undefined,
  },
];

type Sides = Pick<Difference, "first" | "second">;

function isFirstCode({ why: [first] }: Difference["first"], ...codes: readonly ReasonCode[]): boolean {
  return first !== undefined && codes.includes(first.code);
}

/** Not what it comes to once it is resolved. */
function isOdd(target: string): boolean {
  const [path = ""] = target.split("?");
  return /%[0-9a-f]{2}|%|\/\/|\/\.{1,2}(?:\/|$)|\\/i.test(path);
}

const MALFORMED: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  "bad-framing",
  "bad-header",
  "bad-host",
  "bad-method",
  "bad-path",
  "bad-request-line",
  "bad-target",
  "bad-version",
  "headers-too-large",
  "method-not-allowed",
  "no-host-header",
  "options-all",
  "repeated-header",
  "target-too-long",
  "underscore-header",
]);

function isMalformed({ why: [first] }: Difference["first"]): boolean {
  return first !== undefined && MALFORMED.has(first.code);
}

function headersOfOwnPages({ first, second }: Sides): readonly string[] {
  return headersThatDiffer(first.behaviour.responseHeaders, second.behaviour.responseHeaders)
    .map((name) => name.toLowerCase())
    .filter((name) => name === "content-type" || name === "server");
}
