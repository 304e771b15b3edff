import { expect, test } from "vitest";
import type { Replacement } from "../../src/model/route/rewrites.ts";
import { compilePattern } from "../../src/pcre/pattern.ts";
import { rewriteResponse } from "../../src/proxy/carry/delivery/response-rewrites.ts";

// Every row compared with nginx 1.22.1.

function expression(source: string, letters: "any case" | "exact case"): Replacement["from"] {
  const compiled = compilePattern(source, "anywhere", letters);
  if (compiled.kind === "refused") throw new Error(compiled.why);
  return compiled.pattern;
}

const absolute = (path: string) => `http://a.test${path}`;

const PLAIN: Replacement = { from: "http://b.test/", to: ["/"] };
const TO_URL: Replacement = { from: "http://b.test/", to: ["https://a.test/x/"] };
const GROUPS: Replacement = {
  from: expression("^http://([^/]+)/(?<rest>.*)$", "exact case"),
  to: ["/", { capture: 1 }, "/", { variable: "rest" }],
};
const PREFIX: Replacement = { from: "/", to: ["/pre/"] };

test.each([
  // proxy_redirect          Location              becomes                        Refresh "5; URL=…" becomes
  [PLAIN, "http://b.test/x/y", "http://a.test/x/y", "/x/y"],
  [PLAIN, "/x/y", "/x/y", "/x/y"],
  [PLAIN, "http://B.test/x", "http://B.test/x", "http://B.test/x"],
  [TO_URL, "http://b.test/x/y", "https://a.test/x/x/y", "https://a.test/x/x/y"],
  [GROUPS, "http://b.test/x/y", "http://a.test/b.test/x/y", "/b.test/x/y"],
  [GROUPS, "/x/y", "/x/y", "/x/y"],
  [PREFIX, "/x/y", "http://a.test/pre/x/y", "/pre/x/y"],
  [PREFIX, "http://b.test/x/y", "http://b.test/x/y", "http://b.test/x/y"],
])("%j: %s → %s", (redirect, value, location, refresh) => {
  const flat = ["LOCATION", value, "refresh", `5; URL=${value}`, "X-Location", value];
  rewriteResponse(flat, { redirect }, absolute);
  expect(flat).toEqual(["LOCATION", location, "refresh", `5; URL=${refresh}`, "X-Location", value]);
});

const WORDS = {
  cookieDomain: { from: "b.test", to: ["a.test"] },
  cookiePath: { from: "/", to: ["/pre/"] },
};
const EXPRESSIONS = {
  cookieDomain: { from: expression("b.test", "any case"), to: ["x.test"] },
  cookiePath: { from: expression("/foo", "exact case"), to: ["/bar"] },
};

test.each([
  [WORDS, "a=b; Path=/foo; domain=.B.test; HttpOnly", "a=b; Path=/pre/foo; domain=.a.test; HttpOnly"],
  [WORDS, "c=/; DOMAIN=b.test;path=/", "c=/; DOMAIN=a.test; path=/pre/"],
  [
    WORDS,
    "e=1;Domain=c.b.test; Path = /foo/1 ;Path=/x",
    "e=1; Domain=c.b.test; Path=/pre/foo/1; Path=/pre/x",
  ],
  [WORDS, "f=Domain=b.test; Path=x;", "f=Domain=b.test; Path=x;"],
  [EXPRESSIONS, "a=b; Path=/foo; domain=.B.test; HttpOnly", "a=b; Path=/bar; domain=x.test; HttpOnly"],
  [EXPRESSIONS, "c=/; DOMAIN=b.test;path=/", "c=/; DOMAIN=x.test; path=/"],
  [EXPRESSIONS, "e=1;Domain=c.b.test; Path = /foo/1 ;Path=/x", "e=1; Domain=x.test; Path=/bar; Path=/x"],
])("%j: Set-Cookie: %s → %s", (rewrites, cookie, changed) => {
  const flat = ["Set-Cookie", cookie, "Location", "/"];
  rewriteResponse(flat, rewrites, absolute);
  expect(flat).toEqual(["Set-Cookie", changed, "Location", "/"]);
});
