import type { ControllerName } from "../../../compile/controllers.ts";
import { INGRESS_NGINX } from "../../../compile/ingress-nginx/facts.ts";
import type { Aspect } from "../../../diff/aspects.ts";
import type { Difference } from "../../../diff/difference.ts";
import type { ReasonCode } from "../../../model/reason.ts";
import { type ExplainedParts, type GeneralChange, OF_GUARDS } from "../target.ts";

const ALL: ExplainedParts = { aspects: "answer" };

/** The first reason of a side. */
function isFor({ why: [first] }: Difference["first"], ...codes: readonly ReasonCode[]): boolean {
  return first !== undefined && codes.includes(first.code);
}

/** Without a certificate a client is let in: a guard is gone, and a target has to say so itself. */
function isOpened({ first, second }: Difference): boolean {
  return isFor(first, "client-certificate") && second.behaviour.kind === "forward";
}

function pathOf({ request }: Difference): string {
  return request.target.split("?")[0] ?? "";
}

/** What both Traefiks do otherwise than nginx for every request. */
const NGINX_TO_TRAEFIK: readonly GeneralChange[] = [
  {
    id: "hsts",
    message:
      "answers by https have no Strict-Transport-Security; a Headers middleware on the entry point sets it",
    explains: () => ({ responseHeaders: ["strict-transport-security"] }),
  },
  {
    id: "own-answers",
    message: "own answers have another page and type, and other words for who else would be refused",
    explains: ({ first, second }) =>
      first.behaviour.kind === "respond" && second.behaviour.kind === "respond"
        ? { aspects: ["guards"], responseHeaders: ["content-type"] }
        : undefined,
  },
  {
    id: "acme-challenges",
    message:
      "what begins with the path of a challenge of ACME is served by http; nginx redirects what is no token",
    explains: ({ first, request }) =>
      first.behaviour.kind === "redirect" && request.target.startsWith("/.well-known/acme-challenge/")
        ? ALL
        : undefined,
  },
  {
    id: "own-paths",
    message: "nginx answers health checks and its status itself where no rule has the host",
    explains: ({ first }) => (isFor(first, "health-check", "nginx-status") ? ALL : undefined),
  },
  {
    id: "trace",
    message: "TRACE is passed on; nginx answers 405",
    explains: ({ request }) => (request.method === "TRACE" ? ALL : undefined),
  },
  {
    id: "body-limit",
    message: "bodies of any size are taken; nginx answers 413 above 1 MiB",
    // A page of errors may hide the status.
    explains: ({ first }) => (first.why.some(({ code }) => code === "body-limit") ? ALL : undefined),
  },
  {
    id: "malformed-requests",
    message: "other requests are refused as malformed",
    explains: (difference) => {
      const { first, second } = difference;
      const isMalformed = first.behaviour.status === 400 || second.behaviour.status === 400;
      return isMalformed && !isOpened(difference) ? ALL : undefined;
    },
  },
  {
    id: "cleaned-paths",
    message: "Services get the cleaned path: no `//`, no dot segments, no needless escapes",
    explains: (difference) =>
      /%|\/[./]/.test(pathOf(difference))
        ? { aspects: ["path", "location", ...statusOf(difference)] }
        : undefined,
  },
  {
    id: "escaped-slash",
    message: "an escaped slash (%2F) does not end an element of a path",
    explains: (difference) => (/%2f/i.test(pathOf(difference)) ? ALL : undefined),
  },
  {
    id: "redirect-to-slash",
    message: "a path that lacks only the slash of its rule is not redirected to it",
    explains: ({ first }) => (isFor(first, "slash-redirect") ? ALL : undefined),
  },
  {
    id: "form-of-redirect",
    message:
      "a redirect keeps the slash of `/`, has no port, and is 301 in place of 308 for GET (redirectScheme)",
    explains: ({ first: { behaviour: a }, second: { behaviour: b } }) =>
      a.location !== undefined && isSameUrl(a.location, b.location)
        ? { aspects: ["location", "status"] }
        : undefined,
  },
  {
    id: "no-rule",
    message: "a path that no rule of its host takes is left to rules of other hosts, and else 404",
    explains: (difference) => {
      const { rule, behaviour } = difference.first;
      const isRefused = rule === undefined && behaviour.kind !== "forward";
      if (!isRefused || isOpened(difference)) return undefined;
      return difference.second.behaviour.kind === "forward" ? ALL : { aspects: OF_GUARDS };
    },
  },
  {
    id: "serving-endpoints",
    message: "pods that are serving get requests, ready or not",
    explains: ({ first }) => (isFor(first, "no-endpoints") ? ALL : undefined),
  },
  {
    id: "certificate",
    message: "certificates are chosen by their own names, and a host without one gets Traefik's",
    explains: () => ({ aspects: ["certificate"] }),
  },
];

/** Of two redirects: 301 in place of 308. */
function statusOf({ first: { behaviour: a }, second: { behaviour: b } }: Difference): readonly Aspect[] {
  return a.kind === "redirect" && b.kind === "redirect" ? ["status"] : [];
}

function isSameUrl(a: string, b: string | undefined): boolean {
  const plain = (url: string) =>
    url
      .replace(/:(?:80|443)(?=\/|$)/, "")
      .replace(/\/(?=$|\?)/, "")
      .replace(/\/$/, "");
  return b !== undefined && plain(a.toLowerCase()) === plain(b.toLowerCase());
}

export function traefikChanges(from: ControllerName): readonly GeneralChange[] {
  return from === INGRESS_NGINX.name ? NGINX_TO_TRAEFIK : [];
}
