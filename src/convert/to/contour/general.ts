import { headerIn } from "../../../request/header-line.ts";
import type { GeneralChange } from "../target.ts";

/** What Contour does otherwise, for everybody. */
export const CONTOUR_GENERAL: readonly GeneralChange[] = [
  {
    id: "redirect-status",
    message: "Contour redirects to https with 301, and nginx with 308: a POST may become a GET",
    explains: ({ first, second }) =>
      second.behaviour.status === 301 &&
      second.behaviour.location?.startsWith("https:") === true &&
      first.behaviour.kind === "redirect"
        ? { aspects: ["status"] }
        : undefined,
  },
  {
    id: "redirect-first",
    message: "Contour redirects a host with TLS to https before it looks at anything else",
    explains: ({ first, second }) =>
      second.behaviour.status === 301 && first.behaviour.kind === "respond"
        ? { aspects: "answer" }
        : undefined,
  },
  {
    id: "wildcard-capitals",
    message: "Contour knows no capitals in a host that a wildcard takes",
    explains: ({ request, first, second }) => {
      const isWild = [first, second].some(({ rule }) => rule?.host.startsWith("*.") === true);
      const host = headerIn(request.headers, "host") ?? "";
      return isWild && host !== host.toLowerCase() ? { aspects: "answer" } : undefined;
    },
  },
  {
    id: "contour-headers",
    message: "Contour names itself in Server and Vary, and tells the backend when a request began",
    explains: () => ({
      responseHeaders: ["server", "vary"],
      requestHeaders: ["x-request-start"],
    }),
  },
];
