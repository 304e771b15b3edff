import { expect, test } from "vitest";
import type { ServerCookie } from "../../src/model/route/server-cookie.ts";
import type { Upstream } from "../../src/model/upstream.ts";
import { choose } from "../../src/upstream/choose.ts";

const cookie: ServerCookie = { name: "lb", path: "/", maxAge: 0, httpOnly: false, secure: false };
const sources = { random: () => 0, now: () => Date.UTC(2024, 0, 1) };
const pods = ["198.18.1.103:8080", "198.18.1.104:8080"].map((address) => {
  const connection = { kind: "tcp", host: "127.0.0.1", port: 1 } as const;
  const upstream: Upstream = {
    name: `pod at ${address}`,
    address,
    protocol: "http",
    connection,
    basePath: "",
  };
  return { kind: "upstream", upstream } as const;
});

/** Keys as Traefik made them for these addresses. */
const [FIRST, SECOND] = ["04cdd615364b0784", "6f64ed9f1a3cdd5a"] as const;

function chosen(sent: readonly string[], tried: readonly string[] = [], own = cookie) {
  const rotation = { choices: pods, next: 0 };
  const found = choose(rotation, { tried, choice: { kind: "server-cookie", sent, cookie: own } }, sources);
  return found.kind === "upstream" ? [found.upstream.address, found.addedHeaders?.[0]?.[1]] : [];
}

test.each<readonly [string, readonly string[], readonly string[], string, string | undefined]>([
  ["without a cookie", [], [], "198.18.1.103:8080", `lb=${FIRST}; Path=/`],
  ["with an unknown one", ["x"], [], "198.18.1.103:8080", `lb=${FIRST}; Path=/`],
  ["with its own", ["x", SECOND], [], "198.18.1.104:8080", undefined],
  [
    "of a pod that failed",
    [SECOND],
    ["pod at 198.18.1.104:8080"],
    "198.18.1.103:8080",
    `lb=${FIRST}; Path=/`,
  ],
])("a client %s", (_, sent, tried, address, added) => expect(chosen(sent, tried)).toEqual([address, added]));

test.each<readonly [Partial<ServerCookie>, string]>([
  [{ maxAge: -1 }, "; Path=/; Max-Age=0"],
  [{ expires: 60, maxAge: 60 }, "; Path=/; Expires=Mon, 01 Jan 2024 00:01:00 GMT; Max-Age=60"],
  [
    { path: "/p", domain: "a.test", httpOnly: true, secure: true, sameSite: "Lax" },
    "; Path=/p; Domain=a.test; HttpOnly; Secure; SameSite=Lax",
  ],
])("a cookie of %j", (more, attributes) =>
  expect(chosen([], [], { ...cookie, ...more })[1]).toBe(`lb=${FIRST}${attributes}`));
