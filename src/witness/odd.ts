import type { Witness } from "./witness.ts";

/** Requests that planes read in their own ways, once for all hosts. `served`: a path of the host that a rule has. */
export function* oddRequests(
  { host, served }: { readonly host: string; readonly served: string },
  planes: "alike" | "different",
): Iterable<Witness> {
  const named = [["Host", host]] as const;
  const get = { scheme: "http", method: "GET", headers: named } as const;
  yield { request: { ...get, target: "/", headers: [] }, shows: "no Host" };
  yield { request: { ...get, target: "/%zz" }, shows: "a bad escape in the path" };
  yield { request: { ...get, target: "/../any" }, shows: "a path above the root" };
  yield { request: { ...get, target: "//any//any" }, shows: "slashes beside each other" };
  yield { request: { ...get, target: "/any/../" }, shows: "a dot segment" };
  yield { request: { ...get, target: served, method: "HEAD" }, shows: `${served}, by HEAD` };
  yield { request: { ...get, target: served, method: "TRACE" }, shows: `${served}, by TRACE` };
  if (planes === "different")
    yield { request: { ...get, target: `${served}#any` }, shows: `${served}, and a hash` };
}
