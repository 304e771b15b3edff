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

/** Listeners on the ports of one Gateway, in the order of their names: `a 8443`. */
function listenersOn(...places: readonly string[]): readonly EntryPoint[] {
  const points = places.map((place): EntryPoint => {
    const [name, port] = place.split(" ");
    return { ...SECURE, name: `default/gw/${name}`, port: Number(port), serverName: `${name}.test` };
  });
  return [HTTPS, ...points];
}

/** A proxy's ports: which name each was opened by, and which are open. */
function fakeProxy() {
  const names = new Map<number, string>();
  const usual = { address: "127.0.0.1", port: 0, close: () => undefined };
  return {
    names,
    ...{ http: usual, https: usual },
    open: async (_: EntryPoint["scheme"], name: string) => {
      const port = 40_000 + opened++;
      names.set(port, name.replace("default/gw/", ""));
      return { address: "127.0.0.1", port, close: () => void names.delete(port) };
    },
  };
}
let opened = 0;

test.each<{
  change: string;
  before: readonly string[];
  after: readonly string[];
  /** The name that each listener's port was opened by. */
  by: Record<string, string>;
  told?: readonly string[];
}>([
  {
    change: "a listener that moves off a shared port has one of its own",
    before: ["a 8443", "b 8443"],
    after: ["a 8443", "b 9443"],
    by: { a: "a", b: "b" },
    told: ["closed b", "listening b"],
  },
  {
    change: "a shared port goes with the listener that it was opened for",
    before: ["a 8443", "b 8443", "c 8443"],
    after: ["b 8443", "c 8443"],
    by: { b: "b", c: "b" },
    told: ["closed a", "closed b", "closed c", "listening b", "listening c"],
  },
  {
    change: "the listener that a shared port was opened for moves, and keeps it",
    before: ["a 8443", "b 8443"],
    after: ["a 9443", "b 8443"],
    by: { a: "a", b: "b" },
    told: ["closed b", "listening b"],
  },
  {
    change: "a listener that moves to the port of another shares it",
    before: ["a 8443", "b 8443", "c 9443"],
    after: ["a 8443", "b 9443", "c 9443"],
    by: { a: "a", b: "c", c: "c" },
    told: ["closed b", "listening b"],
  },
  {
    change: "what still shares a port keeps it",
    before: ["a 8443", "b 8443"],
    after: ["a 8443", "b 8443", "c 8443"],
    by: { a: "a", b: "a", c: "a" },
    told: ["listening c"],
  },
  {
    change: "a whole port that moves keeps its local one",
    before: ["a 8443", "b 8443"],
    after: ["a 9443", "b 9443"],
    by: { a: "a", b: "a" },
    told: [],
  },
])("$change", async ({ before, after, by, told }) => {
  const events: string[] = [];
  const proxy = fakeProxy();
  const ports = createEntryPorts("some", proxy, ({ state, name }) => events.push(`${state} ${name}`));
  await ports.update(listenersOn(...before));
  ports.tellChanges();
  await ports.update(listenersOn(...after));
  const listeners = ports.listeners().filter(({ gateway }) => gateway !== undefined);
  expect(
    Object.fromEntries(listeners.map(({ name, localPort }) => [name, proxy.names.get(localPort)])),
  ).toEqual(by);
  expect(listeners.map(({ name, port }) => `${name} ${port}`).sort()).toEqual([...after].sort());
  expect(proxy.names.size).toBe(new Set(Object.values(by)).size);
  expect(events).toEqual(told);
});
