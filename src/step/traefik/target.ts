import { reason } from "../../model/reason.ts";
import { escapedFrom, escapeGoPath, unescapePercent } from "../../request/go-url.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";

/** The request's target as the middlewares before have left it; one char per byte. */
export interface TargetNow {
  /** Decoded; may be empty. */
  readonly path: string;
  /** With its escapes, as Go writes it. */
  readonly escaped: string;
  /** `""` where Go keeps no form beside the decoded one (`URL.RawPath`). */
  readonly raw: string;
  /** With `?`; `""` for none. */
  readonly query: string;
}

export function targetNow({ rewritten, path, request }: Arrival): TargetNow {
  const now = rewritten?.path ?? path.sent ?? request.target;
  const mark = now.indexOf("?");
  const escaped = rewritten?.isEmpty === true ? "" : mark < 0 ? now : now.slice(0, mark);
  const decoded = unescapePercent(escaped) ?? escaped;
  const sent = rewritten === undefined ? request.target : now;
  const sentMark = sent.indexOf("?");
  return {
    path: decoded,
    escaped,
    raw: escaped === escapeGoPath(decoded) ? "" : escaped,
    query: sentMark < 0 ? "" : sent.slice(sentMark),
  };
}

/** Path and query as a URL has them. */
export function uriOf({ escaped, query }: TargetNow): string {
  return (escaped || "/") + query;
}

/** The target with another path, given decoded and with escapes. `by`: the middleware, for messages */
export function withPath(now: TargetNow, path: string, raw: string, by: string): Change {
  const escaped = escapedFrom(path, raw);
  return {
    rewritten: {
      path: (escaped || "/") + now.query.replaceAll(";", "&"),
      target: by,
      escaping: "as-is",
      isEmpty: escaped === "" ? true : undefined,
    },
  };
}

/** The answer of a middleware that cannot go on. */
export function answeredBy(
  { route }: Arrival,
  status: number,
  text: string | undefined,
  why: string,
): Change {
  return {
    decision: { kind: "respond", status, text, route, why: [reason("middleware", why), ...route.why] },
  };
}
