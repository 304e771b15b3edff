import { expect, test } from "vitest";
import { GATEWAY, route, TO_WEB, worldOf } from "./gateway-world.ts";

const choiceOf = (rule: string, target: string, ...lines: readonly string[]) => {
  const head = [`GET ${target} HTTP/1.1`, "Host: a.test", ...lines].join("\r\n");
  const decision = worldOf([GATEWAY, route(rule)]).ask(head);
  return decision.kind === "forward" ? decision.choice : undefined;
};

const rule = (session: string, match = "path: { value: /p }") =>
  `{ matches: [{ ${match} }], sessionPersistence: { ${session} }, ${TO_WEB} }`;

test.each([
  [rule("type: Cookie"), { kind: "cookie", name: "httproute-default-r-rule-0", path: "/p" }],
  [
    rule("sessionName: s, absoluteTimeout: 1m, cookieConfig: { lifetimeType: Permanent }"),
    { kind: "cookie", name: "s", path: "/p", maxAge: 60 },
  ],
  [rule("sessionName: x-s, type: Header"), { kind: "header", name: "x-s", path: "/p" }],
  [
    rule("sessionName: s", "path: { type: RegularExpression, value: '/p/[a-z]*/q' }"),
    { kind: "cookie", name: "s", path: "/p" },
  ],
])("%s", (written, session) =>
  expect(choiceOf(written, "/p/a/q")).toMatchObject({ session, sent: undefined }));

test("the client's cookie and header are read", () => {
  expect(choiceOf(rule("sessionName: s"), "/p", 'Cookie: a=b; s="YWI="')).toMatchObject({ sent: "YWI=" });
  expect(choiceOf(rule("sessionName: X-S, type: Header"), "/p", "x-s: YWI=")).toMatchObject({ sent: "YWI=" });
});

test("without it pods are asked in turn", () => expect(choiceOf(`{ ${TO_WEB} }`, "/")).toBeUndefined());
