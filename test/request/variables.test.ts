import { expect, test } from "vitest";
import type { VariableFacts } from "../../src/request/variables/readers.ts";
import { emptyHere, fillVariables, parseVariables } from "../../src/request/variables.ts";

const HEADERS = new Map([
  ["x-team", "blue"],
  ["cookie", "a=1; User=ann"],
]);

const FACTS: VariableFacts = {
  request: {
    scheme: "https",
    method: "PUT",
    host: "Shop.test:32000",
    target: "/a%20b?x=1&Y=2",
    ports: { http: 31000, https: 32000 },
    exact: false,
    header: (name) => HEADERS.get(name),
    remoteAddress: "127.0.0.1",
    chance: 0,
    noEndpoints: () => undefined,
  },
  path: { path: "/a b", query: "x=1&Y=2", quoted: true },
  route: {
    ingress: { namespace: "shop", name: "web", file: "web.yaml", line: 1 },
    rule: { host: "shop.test", path: "/a", pathType: "Prefix", regex: false },
    action: {
      kind: "forward",
      shares: [{ backend: { namespace: "shop", service: "cart", port: { name: "http" } }, weight: 1 }],
    },
  },
  captures: ["/a b", "a", undefined],
};

test.each([
  ["no variable", "no variable"],
  ["$scheme://$host$request_uri", "https://shop.test/a%20b?x=1&Y=2"],
  ["$\u007bhttp_host}x", "Shop.test:32000x"],
  ["$uri$is_args$args", "/a b?x=1&Y=2"],
  ["$service_name.$namespace:$service_port $ingress_name", "cart.shop:http web"],
  ["$proxy_upstream_name", "shop-cart-http"],
  ["$http_x_team $cookie_user $arg_y $arg_z.", "blue ann 2 ."],
  ["$1$2$3-$10", "a-a0"],
  ["$server_port $pass_port", "32000 32000"],
  ["$request_method$remote_addr$location_path", "PUT127.0.0.1/a"],
  ["$request $server_name", "PUT /a%20b?x=1&Y=2 HTTP/1.1 shop.test"],
  ["$proxy_add_x_forwarded_for", "127.0.0.1"],
  ["[$msec$request_id$sent_http_etag$upstream_status$ssl_cipher]", "[]"],
])("%s is %s", (source, value) => {
  const parsed = parseVariables(source);
  expect(parsed).toMatchObject({ kind: "parsed", text: { source } });
  expect(parsed.kind === "parsed" && fillVariables(parsed.text, FACTS)).toBe(value);
});

test.each([
  ["$nobody", "$nobody"],
  ["a$", "$"],
  ["a$ b", "$"],
  ["${host", "$"],
  ["$http_", "$http_"],
  ["$0", "$0"],
])("nginx does not load %s: %s", (source, variable) =>
  expect(parseVariables(source)).toEqual({ kind: "unknown", variable }));

test("groups of an expression beside the value may be named", () =>
  expect(parseVariables("$tail", ["tail"])).toMatchObject({ kind: "parsed" }));

test("of variables that only a running nginx has values for it is said that they are empty", () => {
  const textOf = (source: string) => {
    const parsed = parseVariables(source, ["word"]);
    return parsed.kind === "parsed" ? emptyHere(parsed.text, ["word"]) : parsed.variable;
  };
  expect(textOf("$host/$word/$1")).toBeUndefined();
  expect(textOf("$msec-$connection")).toBe("only the cluster's nginx knows $msec, $connection: empty here");
  expect(textOf("$sent_http_")).toBe("$sent_http_");
});

test("groups with names are variables, and behind a rewrite the path is what it has become", () => {
  const captures = Object.assign(["/a b", "a"], { groups: { word: "a" } });
  const rewritten = { kind: "path", path: "/v" };
  const parsed = parseVariables("$word$uri$document_uri", ["word"]);
  expect(parsed.kind === "parsed" && fillVariables(parsed.text, { ...FACTS, captures, rewritten })).toBe(
    "a/v/v",
  );
});
