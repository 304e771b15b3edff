import { METHODS } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Decision } from "../../src/model/decision.ts";
import { reason } from "../../src/model/reason.ts";
import { NGINX } from "../../src/plane/nginx.ts";
import { bodyOf, exchangeRaw, headLines, openRaw, statusOf } from "../support/raw.ts";
import { deadPort, forwardAll, routeWith, testProxy, upstreamAt } from "./support.ts";

const GET = "GET / HTTP/1.1\r\nHost: a.test\r\n";
const respond = (status: number): Decision => ({
  kind: "respond",
  status,
  why: [reason("rule", "because of the rule")],
});

/** nginx's page, rebuilt from its source. */
function nginxPage(title: string): string {
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
}

describe("answers of the proxy's own", () => {
  test.each([
    [400, "Bad Request", "400 Bad Request"],
    [401, "Unauthorized", "401 Authorization Required"],
    [403, "Forbidden", "403 Forbidden"],
    [404, "Not Found", "404 Not Found"],
    [405, "Not Allowed", "405 Not Allowed"],
    [413, "Request Entity Too Large", "413 Request Entity Too Large"],
    [500, "Internal Server Error", "500 Internal Server Error"],
    [503, "Service Temporarily Unavailable", "503 Service Temporarily Unavailable"],
    [504, "Gateway Time-out", "504 Gateway Time-out"],
  ])("%i is nginx's, status line and page", async (status, phrase, title) => {
    const { port, hit } = await testProxy(1, { decide: () => respond(status) });
    const answer = await exchangeRaw(port, `${GET}Connection: close\r\n\r\n`);
    expect(answer.text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} ${phrase}\r\n`));
    expect(headLines(answer.text)).toContain("Content-Type: text/html");
    expect(headLines(answer.text)).toContain("X-Ingress-Dev-Why: because of the rule");
    expect(bodyOf(answer.text)).toBe(nginxPage(title));
    expect(await hit(1)).toMatchObject([
      { status, decision: "respond", bytes: answer.text.length - answer.text.indexOf("\r\n\r\n") - 4 },
    ]);
  });

  test.each([
    [301, "301 Moved Permanently"],
    [302, "302 Found"],
    [307, "307 Temporary Redirect"],
    [308, "308 Permanent Redirect"],
  ])("%i redirects, with nginx's page", async (status, title) => {
    const decision: Decision = {
      kind: "redirect",
      status,
      location: "https://a.test:1/\xe9",
      why: [reason("ssl-redirect", "tls")],
    };
    const { port } = await testProxy(1, { decide: () => decision });
    const answer = await exchangeRaw(port, `${GET}Connection: close\r\n\r\n`);
    expect(statusOf(answer.text)).toBe(status);
    expect(headLines(answer.text)).toContain("Location: https://a.test:1/\xe9");
    expect(bodyOf(answer.text)).toBe(nginxPage(title));
  });

  test.each(
    METHODS.filter((method) => method !== "CONNECT" && method !== "TRACE"),
  )("404 to %s", async (method) => {
    const { port, proxy, hit } = await testProxy(1, { decide: () => respond(404) });
    const lines = "HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n";
    const bare = await exchangeRaw(port, `${method} / ${lines}\r\n`);
    const typed = await exchangeRaw(
      port,
      `${method} / ${lines}Content-Type: a/b\r\nContent-Length: 2\r\n\r\nhi`,
    );
    const expected = method === "HEAD" ? "" : nginxPage("404 Not Found");
    expect([bare, typed].map(({ text }) => [statusOf(text), bodyOf(text)])).toEqual([
      [404, expected],
      [404, expected],
    ]);
    const client = connectHttp2(`https://127.0.0.1:${proxy.https.port}`, { rejectUnauthorized: false });
    onTestFinished(() => client.destroy());
    const stream = client.request({ ":path": "/", ":method": method, host: "a.test" });
    stream.end();
    expect(String(Buffer.concat(await stream.toArray()))).toBe(expected);
    expect(await hit(3)).toMatchObject([{ method }, { method }, { method }]);
  });

  test("a line break in a Location makes no header", async () => {
    const decision: Decision = { kind: "redirect", status: 302, location: "/a\r\nX-Evil: 1", why: [] };
    const { port } = await testProxy(1, { decide: () => decision });
    const answer = await exchangeRaw(port, `${GET}Connection: close\r\n\r\n`);
    expect(headLines(answer.text)).toContain("Location: /a%0D%0AX-Evil: 1");
  });

  test("a browser can read why below nginx's page; --exact keeps it to itself", async () => {
    const ask = `${GET}Accept: text/html,*/*\r\nConnection: close\r\n\r\n`;
    const decide = (): Decision => ({
      kind: "respond",
      status: 404,
      why: [reason("no-rule-for-host", "no <rule> for it")],
    });
    const local = await testProxy(1, { decide });
    const exact = await testProxy(1, { decide, exact: "exact" });
    const page = NGINX.answer({ status: 404 }).body;
    const shown = bodyOf((await exchangeRaw(local.port, ask)).text);
    expect(shown.startsWith(page)).toBe(true);
    expect(shown).toContain("no &#60;rule&#62; for it");
    const plain = (await exchangeRaw(exact.port, ask)).text;
    expect(bodyOf(plain)).toBe(page);
    expect(plain).not.toMatch(/ingress-dev/i);
  });

  test("Chrome gets nginx's padding", async () => {
    const { port } = await testProxy(1, { decide: () => respond(404), exact: "exact" });
    const agent = "User-Agent: Mozilla/5.0 (KHTML, like Gecko) Chrome/130.0 Safari/537.36\r\n";
    const answer = await exchangeRaw(port, `${GET}${agent}Connection: close\r\n\r\n`);
    const padding = "<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n";
    expect(bodyOf(answer.text)).toBe(nginxPage("404 Not Found") + padding.repeat(6));
  });

  test("HEAD has no body, and the connection stays for the next request", async () => {
    const { port } = await testProxy(1, { decide: () => respond(404) });
    const client = await openRaw(port);
    client.send("HEAD / HTTP/1.1\r\nHost: a.test\r\n\r\n");
    const first = await client.until((text) => text.includes("\r\n\r\n"));
    expect(first).toContain(`Content-Length: ${NGINX.answer({ status: 404 }).body.length}`);
    expect(bodyOf(first)).toBe("");
    client.send(`${GET}Connection: close\r\n\r\n`);
    const { text } = await client.end();
    expect(text.match(/HTTP\/1\.1 404/g)).toHaveLength(2);
  });

  test("a body that nobody wants is read past, and the connection stays", async () => {
    const { port } = await testProxy(1, { decide: () => respond(404) });
    const client = await openRaw(port);
    client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhello");
    client.send(`${GET}Connection: close\r\n\r\n`);
    const { text } = await client.end();
    expect(text.match(/HTTP\/1\.1 404/g)).toHaveLength(2);
  });

  test.each([
    [
      "no endpoint: 503",
      () => ({ kind: "none", why: "the Service default/web has no endpoints" }) as const,
      503,
      "respond",
    ],
    [
      "nobody listens: 502",
      async () => ({ kind: "upstream", upstream: upstreamAt(await deadPort()) }) as const,
      502,
      "forward",
    ],
  ])("%s, and the answer says which Service", async (_, resolution, status, decision) => {
    const found = await resolution();
    const { port, hit } = await testProxy(1, { resolve: () => found });
    const answer = await exchangeRaw(port, `${GET}Connection: close\r\n\r\n`);
    expect(statusOf(answer.text)).toBe(status);
    expect(bodyOf(answer.text)).toBe(NGINX.answer({ status }).body);
    expect(answer.text).toMatch(/X-Ingress-Dev-Why: .*default\/web/);
    expect(await hit(1)).toMatchObject([{ status, decision, ingress: "default/web" }]);
  });

  test("a decide that throws is answered with 500", async () => {
    const faults: unknown[] = [];
    const { port } = await testProxy(1, {
      decide: () => {
        throw new Error("broken");
      },
      onFault: (fault) => faults.push(fault),
    });
    expect(statusOf((await exchangeRaw(port, `${GET}\r\n`)).text)).toBe(500);
    expect(faults).toEqual([new Error("broken")]);
  });

  test("an onHit that throws harms nobody", async () => {
    const { port } = await testProxy(1, {
      decide: () => respond(404),
      onHit: () => {
        throw new Error("broken");
      },
    });
    expect(statusOf((await exchangeRaw(port, `${GET}Connection: close\r\n\r\n`)).text)).toBe(404);
  });

  test("the hit says what the decision was made from", async () => {
    const route = routeWith();
    const { port, hit } = await testProxy(await deadPort(), { decide: forwardAll() });
    await exchangeRaw(
      port,
      `GET /a%2Fb?c HTTP/1.1\r\nHost: A.test:80\r\nX-Request-ID: i\r\nConnection: close\r\n\r\n`,
    );
    const [told] = await hit(1);
    expect(told).toMatchObject({
      id: "i",
      method: "GET",
      scheme: "http",
      host: "A.test:80",
      path: "/a%2Fb?c",
      rule: { host: "a.test", path: "/", pathType: "Prefix" },
      backend: { namespace: "default", service: "web", port: 80 },
      upstreamPath: "/a%2Fb?c",
      route: route.id,
      error: expect.stringContaining("ECONNREFUSED"),
    });
  });
});
