import { expect, test } from "vitest";
import { proxyUrlFor } from "../../src/kube/proxy-url.ts";

const P = "http://proxy.test:3128";

test.each<[string, Record<string, string>, string | undefined, string]>([
  // server                     environment                                            proxy
  ["https://api.test", { HTTPS_PROXY: P }, P, "the variable"],
  ["https://api.test", { https_proxy: P }, P, "in small letters"],
  ["https://api.test", { HTTPS_PROXY: "proxy.test:3128" }, P, "without a scheme it is http"],
  ["https://api.test", { HTTP_PROXY: P }, undefined, "HTTP_PROXY is for http"],
  ["http://api.test", { HTTP_PROXY: P }, P, "http"],
  ["https://api.test", { HTTPS_PROXY: "" }, undefined, "empty is none"],
  ["https://127.0.0.1:6443", { HTTPS_PROXY: P }, undefined, "this computer is reached directly"],
  ["https://localhost:6443", { HTTPS_PROXY: P }, undefined, "by its name as well"],
  ["https://[::1]:6443", { HTTPS_PROXY: P }, undefined, "and by IPv6"],
  ["https://api.test", { HTTPS_PROXY: P, NO_PROXY: "*" }, undefined, "no proxy at all"],
  ["https://api.corp.test", { HTTPS_PROXY: P, NO_PROXY: "a.test, corp.test" }, undefined, "a domain"],
  ["https://api.corp.test", { HTTPS_PROXY: P, NO_PROXY: ".corp.test" }, undefined, "with a dot before it"],
  ["https://apicorp.test", { HTTPS_PROXY: P, NO_PROXY: "corp.test" }, P, "whole labels only"],
  ["https://192.168.49.2:8443", { HTTPS_PROXY: P, NO_PROXY: "192.168.49.2" }, undefined, "an address"],
  ["https://api.test:6443", { HTTPS_PROXY: P, NO_PROXY: "api.test:443" }, P, "another port"],
  ["https://api.test", { HTTPS_PROXY: P, NO_PROXY: "api.test:443" }, undefined, "that port"],
])("%s with %j → %s: %s", (server, env, expected) => {
  expect(proxyUrlFor({ server }, env)).toBe(expected);
});

test("the kubeconfig's proxy-url goes before all of it", () => {
  const cluster = { server: "https://127.0.0.1", proxyUrl: "socks5://p.test:1080" };
  expect(proxyUrlFor(cluster, { HTTPS_PROXY: P, NO_PROXY: "*" })).toBe("socks5://p.test:1080");
});
