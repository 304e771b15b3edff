import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { expect, test } from "vitest";
import { createEntryPorts } from "../../src/cli/up/entry-ports.ts";
import type { RequestFacts } from "../../src/model/decision.ts";
import type { ListenerEvent } from "../../src/model/event.ts";
import type { EntryPoint } from "../../src/model/route/selection.ts";
import { forwardAll, httpUpstream, testProxy } from "./support.ts";

const selection = { kind: "list", host: {} } as EntryPoint["selection"];
const HTTP: EntryPoint = { name: "http", scheme: "http", port: 80, selection };
const HTTPS: EntryPoint = { name: "https", scheme: "https", port: 443, selection };
const ALT: EntryPoint = {
  name: "default/gw/alt",
  scheme: "http",
  port: 8080,
  gateway: "default/gw",
  selection,
};
const SECURE: EntryPoint = {
  name: "default/gw/secure",
  scheme: "https",
  port: 8443,
  gateway: "default/gw",
  selection,
};

function ask(scheme: EntryPoint["scheme"], port: number): Promise<number | undefined> {
  const options = { host: "127.0.0.1", port, rejectUnauthorized: false, agent: false, servername: "a.test" };
  return new Promise((resolve, reject) => {
    const asked = (scheme === "http" ? httpRequest : httpsRequest)(options, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.once("error", reject);
    asked.end();
  });
}

test("other ports are opened, named in requests and handshakes, and closed", async () => {
  const seen: Pick<RequestFacts, "scheme" | "entryPoint">[] = [];
  const handshakes: (string | undefined)[] = [];
  const forward = forwardAll();
  const { proxy } = await testProxy(await httpUpstream((_, response) => response.end()), {
    decide: (facts) => {
      seen.push({ scheme: facts.scheme, entryPoint: facts.entryPoint });
      return forward(facts);
    },
    decideTls: (_, entryPoint) => {
      handshakes.push(entryPoint);
      return { kind: "end" };
    },
  });
  const events: ListenerEvent[] = [];
  const ports = createEntryPorts("some", proxy, (event) => events.push(event));
  await ports.update([HTTP, HTTPS, ALT, SECURE]);
  ports.tellChanges();
  const listeners = ports.listeners();
  expect(listeners).toEqual([
    {
      controller: "some",
      name: "http",
      protocol: "HTTP",
      port: 80,
      address: "127.0.0.1",
      localPort: proxy.http.port,
    },
    {
      controller: "some",
      name: "https",
      protocol: "HTTPS",
      port: 443,
      address: "127.0.0.1",
      localPort: proxy.https.port,
    },
    expect.objectContaining({ gateway: "default/gw", name: "alt", port: 8080 }),
    expect.objectContaining({ gateway: "default/gw", name: "secure", port: 8443 }),
  ]);
  const portOf = (name: string) => ports.listeners().find((each) => each.name === name)?.localPort ?? 0;
  for (const { name, scheme } of [HTTP, HTTPS, ALT, SECURE])
    expect(await ask(scheme, portOf(name.replace("default/gw/", "")))).toBe(200);
  expect(seen).toEqual([
    { scheme: "http", entryPoint: undefined },
    { scheme: "https", entryPoint: undefined },
    { scheme: "http", entryPoint: "default/gw/alt" },
    { scheme: "https", entryPoint: "default/gw/secure" },
  ]);
  expect(handshakes).toEqual([undefined, "default/gw/secure"]);

  const [before, kept] = [portOf("alt"), portOf("secure")];
  await ports.update([HTTP, HTTPS, SECURE]);
  await expect(ask("http", before)).rejects.toThrow("ECONNREFUSED");
  expect(portOf("secure")).toBe(kept);
  await ports.update([HTTP, HTTPS, SECURE, ALT]);
  expect(await ask("http", portOf("alt"))).toBe(200);
  expect(events.map(({ state, name }) => [state, name])).toEqual([
    ["closed", "alt"],
    ["listening", "alt"],
  ]);
});
