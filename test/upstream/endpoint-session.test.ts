import { expect, test } from "vitest";
import type { EndpointSession } from "../../src/model/route/endpoint-session.ts";
import type { Resolution } from "../../src/model/upstream.ts";
import { choose } from "../../src/upstream/choose.ts";

const pod = (address: string): Resolution => ({
  kind: "upstream",
  upstream: {
    ...{ name: `pod ${address}`, address, protocol: "http", basePath: "" },
    connection: { kind: "tcp", host: "127.0.0.1", port: 1 },
  },
});
const NOW = 1_800_000_000_000;
const sources = { random: () => 0, now: () => NOW };

/** The address that was chosen, and the line that names it. */
function asked(session: EndpointSession, sent: string | undefined, at = sources, tried?: readonly string[]) {
  const rotation = { choices: [pod("10.0.0.1:80"), pod("10.0.0.2:80")], next: 0 };
  const found = choose(rotation, { choice: { kind: "endpoint-session", session, sent }, tried } as never, at);
  return found.kind === "upstream" ? [found.upstream.address, found.addedHeaders?.[0]] : [];
}

const COOKIE: EndpointSession = { kind: "cookie", name: "s", path: "/p" };
const FIRST = Buffer.from("\n\x0b10.0.0.1:80").toString("base64");
const SECOND = Buffer.from("\n\x0b10.0.0.2:80").toString("base64");

test.each([
  [
    "the first answer names the pod",
    undefined,
    ["10.0.0.1:80", ["set-cookie", `s="${FIRST}"; Path=/p; HttpOnly`]],
  ],
  ["a known pod is asked again, and not named again", SECOND, ["10.0.0.2:80", undefined]],
  ["an address as it is", Buffer.from("10.0.0.2:80").toString("base64"), ["10.0.0.2:80", undefined]],
  [
    "a pod that is gone",
    Buffer.from("\n\x0b10.0.0.9:80").toString("base64"),
    ["10.0.0.1:80", ["set-cookie", expect.anything()]],
  ],
  ["bytes that mean nothing", "\n\xff!", ["10.0.0.1:80", ["set-cookie", expect.anything()]]],
])("%s", (_, sent, wanted) => expect(asked(COOKIE, sent)).toEqual(wanted));

test("a cookie that outlives the browser ends by itself", () => {
  const lasting: EndpointSession = { ...COOKIE, maxAge: 60 };
  const [address, line] = asked({ ...lasting }, undefined);
  const text = line?.[1] ?? "";
  expect(address).toBe("10.0.0.1:80");
  expect(text).toMatch(/; Max-Age=60; Path=\/p; HttpOnly$/);
  const sent = /"(.*)"/.exec(text)?.[1];
  expect(asked(lasting, sent)[1]).toBeUndefined();
  expect(asked(lasting, sent, { ...sources, now: () => NOW + 61_000 })[1]).toBeDefined();
});

test("a header names the pod in both directions", () => {
  const header: EndpointSession = { kind: "header", name: "X-Pod", path: "/" };
  const second = Buffer.from("10.0.0.2:80").toString("base64");
  expect(asked(header, second)).toEqual(["10.0.0.2:80", undefined]);
  expect(asked(header, undefined)[1]).toEqual(["X-Pod", Buffer.from("10.0.0.1:80").toString("base64")]);
});

test("a pod that failed is not asked again", () =>
  expect(asked(COOKIE, FIRST, sources, ["pod 10.0.0.1:80"])[0]).toBe("10.0.0.2:80"));
