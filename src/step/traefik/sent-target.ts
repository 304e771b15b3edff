import type { Arrival } from "../arrival.ts";

/** Path and query as the plane sends them: cleaned, with its escapes. */
export function sentTarget({ path, request }: Pick<Arrival, "path" | "request">): string {
  return path.sent ?? request.target;
}

export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const mark = target.indexOf("?");
  return mark < 0 ? { path: target, query: "" } : { path: target.slice(0, mark), query: target.slice(mark) };
}

/** The whole URL of a request, with `Host` as sent. */
export function requestUrl(at: Pick<Arrival, "path" | "request">): string {
  const { scheme, authority, host } = at.request;
  return `${scheme}://${authority ?? host}${sentTarget(at)}`;
}
