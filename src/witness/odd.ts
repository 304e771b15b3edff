import type { Witness } from "./witness.ts";

/** Requests that planes read in their own ways, once for all hosts. */
export function* oddRequests(host: string): Iterable<Witness> {
  const named = [["Host", host]] as const;
  const get = { scheme: "http", method: "GET", headers: named } as const;
  yield { request: { ...get, target: "/", headers: [] }, shows: "no Host" };
  yield { request: { ...get, target: "/%zz" }, shows: "a bad escape in the path" };
  yield { request: { ...get, target: "/../any" }, shows: "a path above the root" };
  yield { request: { ...get, target: "//any//any" }, shows: "slashes beside each other" };
  yield { request: { ...get, target: "/any/../" }, shows: "a dot segment" };
  yield { request: { ...get, target: "/", method: "HEAD" }, shows: "the root, by HEAD" };
  yield { request: { ...get, target: "/", method: "TRACE" }, shows: "the root, by TRACE" };
}
