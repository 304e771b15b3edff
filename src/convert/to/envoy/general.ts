import { headersThatDiffer } from "../../../diff/aspects.ts";
import { RESET_TLS } from "../../../diff/behaviour.ts";
import type { Difference } from "../../../diff/difference.ts";
import type { ReasonCode } from "../../../model/reason.ts";
import { type ExplainedParts, type GeneralChange, OF_GUARDS } from "../target.ts";

const ALL: ExplainedParts = { aspects: "answer" };

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
    explains: ({ first, second, request }) =>
      request.scheme === "https" &&
      first.behaviour.certificate === "none" &&
      (second.behaviour.certificate === RESET_TLS ||
        second.why.some(({ code }) => code === "misdirected" || code === "no-rule-for-host"))
        ? ALL
        : undefined,
  },
  {
    id: "no-rule",
    message:
      "a path that no rule of its host takes is 404 for everybody; nginx has the Ingress's guards and headers there too",
    explains: ({ first, second }) =>
      first.rule === undefined &&
      first.behaviour.kind !== "forward" &&
      isFirstCode(second, "no-rule-for-path", "no-rule-for-host")
        ? { aspects: OF_GUARDS }
        : undefined,
  },
  {
    id: "acme-challenges",
    message:
      "nginx does not redirect /.well-known/acme-challenge/ to https; cert-manager makes routes of its own for it",
    explains: ({ request }) =>
      request.scheme === "http" && request.target.startsWith("/.well-known/acme-challenge") ? ALL : undefined,
  },
  {
    id: "redirect-first",
    message: "a path that no rule takes is redirected to https before anything else is looked at",
    explains: ({ first, second, request }) =>
      first.rule === undefined &&
      request.scheme === "http" &&
      second.behaviour.location?.startsWith("https:") === true
        ? { aspects: OF_GUARDS }
        : undefined,
  },
  {
    id: "malformed-requests",
    message: "nginx and Envoy refuse other requests as malformed, or with other statuses",
    explains: ({ first, second }) => (isMalformed(first) || isMalformed(second) ? ALL : undefined),
  },
  {
    id: "body-limit",
    message: "Envoy takes bodies of any size; nginx refuses what is above proxy-body-size (1 MiB) with 413",
    explains: ({ first }) => (first.why.some(({ code }) => code === "body-limit") ? ALL : undefined),
  },
  {
    id: "redirect-form",
    message:
      "a redirect keeps the path as it came, and the port of Host; nginx drops a slash at its end, and writes ports of its own",
    explains: ({ first, second }) =>
      first.behaviour.kind === "redirect" &&
      first.behaviour.location !== undefined &&
      plainLocation(first.behaviour.location) === plainLocation(second.behaviour.location ?? "")
        ? { aspects: ["location"] }
        : undefined,
  },
  {
    id: "envoy-headers",
    message: "the backend is told by X-Envoy-… headers what was rewritten",
    explains: (difference) => ({ requestHeaders: envoyHeaders(difference) }),
  },
  {
    id: "external-names",
    message: "Envoy Gateway takes no Service of type ExternalName (500): write a Backend in its place",
    explains: ({ second }) =>
      second.why.some(({ code, text }) => code === "broken-reference" && text.includes("ExternalName"))
        ? ALL
        : undefined,
  },
  {
    id: "unusable-services",
    message: "a Service that cannot be used is answered with another status of the server",
    explains: ({ first, second }) =>
      (first.behaviour.status ?? 0) >= 500 && (second.behaviour.status ?? 0) >= 500
        ? { aspects: ["status", "response headers"] }
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
    message: "the pages of own answers differ, and the words for who else would be refused",
    explains: ({ first, second }) =>
      first.behaviour.kind === "respond" && second.behaviour.kind === "respond"
        ? { aspects: ["guards"], responseHeaders: headersOfOwnPages({ first, second }) }
        : undefined,
  },
];

/** Differences that only Envoy makes. */
export const OTHERS_TO_ENVOY: readonly GeneralChange[] = [
  {
    id: "normalised-paths",
    message: "Envoy resolves dots, slashes and escapes of a path in its own way",
    explains: ({ request }) => (isOdd(request.target) ? ALL : undefined),
  },
  {
    id: "malformed-requests",
    message: "other requests are refused as malformed, or with other statuses",
    explains: ({ first, second }) => (isMalformed(first) || isMalformed(second) ? ALL : undefined),
  },
  {
    id: "https-without-certificate",
    message: "nothing answers https for a host without certificate",
    explains: ({ second, request }) =>
      request.scheme === "https" && second.behaviour.certificate === RESET_TLS ? ALL : undefined,
  },
  {
    id: "headers",
    message: "proxies tell backends of requests in headers of their own",
    explains: ({ first, second }) => ({
      requestHeaders: headersThatDiffer(first.behaviour.requestHeaders, second.behaviour.requestHeaders)
        .map((name) => name.toLowerCase())
        .filter((name) => name.startsWith("x-")),
    }),
  },
];

type Sides = Pick<Difference, "first" | "second">;

function plainLocation(location: string): string {
  return location.replace(/^(https?:\/\/[^/:]*):\d+(?=\/|$)/, "$1").replace(/\/$/, "");
}

function envoyHeaders({ first, second }: Sides): readonly string[] {
  return headersThatDiffer(first.behaviour.requestHeaders, second.behaviour.requestHeaders)
    .map((name) => name.toLowerCase())
    .filter((name) => name.startsWith("x-envoy-"));
}

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
