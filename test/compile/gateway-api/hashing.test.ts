import { expect, test } from "vitest";
import { GATEWAY, policy, route, TO_WEB, worldOf } from "./gateway-world.ts";

const HEAD = "GET /p?u=1 HTTP/1.1\r\nHost: a.test\r\nX-User: me\r\nCookie: c=k";

test.each([
  ["type: SourceIP", '["192.0.2.1"]', undefined],
  ["type: Header, header: { name: X-User }", '["me"]', undefined],
  ["type: Headers, headers: [{ name: X-User }, { name: X-None }]", '["me"]', undefined],
  ["type: QueryParams, queryParams: [{ name: u }]", '["1"]', undefined],
  ["type: Cookie, cookie: { name: c }", '["k"]', undefined],
  ["type: Cookie, cookie: { name: d }", undefined, undefined],
  [
    "type: Cookie, cookie: { name: d, ttl: 1m, attributes: { SameSite: Lax, Path: / } }",
    expect.stringMatching(/^\["[0-9a-f]{16}"\]$/),
    expect.stringMatching(/^d="[0-9a-f]{16}"; Max-Age=60; Path=\/; SameSite=Lax; HttpOnly$/),
  ],
])("requests share an endpoint by their hash: %s", (hash, key, cookie) => {
  const balancing = policy(
    "BackendTrafficPolicy",
    `loadBalancer: { type: ConsistentHash, consistentHash: { ${hash} } }`,
  );
  const { ask, problems } = worldOf([GATEWAY, balancing, route(`{ ${TO_WEB} }`)]);
  const decision = ask(HEAD);
  expect(decision).toMatchObject({ kind: "forward" });
  const { choice, responseRewrites } = decision as {
    readonly choice?: { readonly key: string };
    readonly responseRewrites?: { readonly beside: readonly (readonly [string, string])[] };
  };
  expect(choice?.key).toEqual(key);
  expect(responseRewrites?.beside[0]?.[1]).toEqual(cookie);
  expect(problems).toEqual([]);
});
