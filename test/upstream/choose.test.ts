import { describe, expect, test } from "vitest";
import type { Choice } from "../../src/model/decision.ts";
import type { Resolution } from "../../src/model/upstream.ts";
import { createEchoService } from "../../src/upstream/echo.ts";
import { createResolver } from "../../src/upstream/resolve.ts";
import { cookieDate } from "../../src/upstream/session.ts";
import { backend, service, snapshotWith, workload } from "./manifests.ts";

const APP = new Map([["app", "web"]]);
const NOW = Date.UTC(2026, 10, 25, 12, 0, 0);
const SUFFIX = "|6cde5721ec2c7e2bce07cff7d0e4ac37";

/** A resolver for default/web with `count` pods; its random draws repeat `draws`. */
function pods(count: number, draws: readonly number[] = [0.5]) {
  let drawn = 0;
  return createResolver({
    snapshot: snapshotWith({
      services: [service("default/web", { selector: APP })],
      workloads: [workload("Deployment", "default/f", count, { app: "web" })],
    }),
    maps: [],
    echo: createEchoService(),
    sources: { random: () => draws[drawn++ % draws.length] ?? 0, now: () => NOW },
  });
}

const WEB = backend("web:80");
const nameOf = (found: Resolution) => (found.kind === "upstream" ? found.upstream.name : found.why);
const cookieOf = (found: Resolution) =>
  found.kind === "upstream" ? found.addedHeaders?.map((line) => line.join(": ")) : undefined;

describe("by a hash", () => {
  test("one key, one pod, with turns in between", () => {
    const of = pods(3);
    const ask = (key: string) => nameOf(of.resolve(WEB, "HTTP", { choice: { kind: "hash", key } }));
    const first = ask("/cart");
    of.resolve(WEB, "HTTP");
    expect(new Set(Array.from({ length: 20 }, () => ask("/cart")))).toEqual(new Set([first]));
    expect(new Set(Array.from({ length: 50 }, (_, i) => ask(`/${i}`))).size).toBe(3);
  });

  test("a pod that has failed is asked again: its key leads nowhere else", () => {
    const of = pods(3);
    const choice: Choice = { kind: "hash", key: "/cart" };
    const first = nameOf(of.resolve(WEB, "HTTP", { choice }));
    expect(nameOf(of.resolve(WEB, "HTTP", { choice, tried: [first] }))).toBe(first);
  });

  test("a subset: one of so many pods, by chance", () => {
    const of = pods(4, [0, 0.6]);
    const choice: Choice = { kind: "hash", key: "/cart", subsetSize: 2 };
    const asked = Array.from({ length: 8 }, () => nameOf(of.resolve(WEB, "HTTP", { choice })));
    const set = [...new Set(asked)].sort();
    expect([
      ["echo/web-0", "echo/web-1"],
      ["echo/web-2", "echo/web-3"],
    ]).toContainEqual(set);
  });

  test("a subset that is larger than all the pods wraps around", () => {
    const of = pods(2, [0.99]);
    const choice: Choice = { kind: "hash", key: "x", subsetSize: 3 };
    expect(nameOf(of.resolve(WEB, "HTTP", { choice }))).toBe("echo/web-0");
  });
});

describe("by a session", () => {
  const session = (more: Partial<Choice & { readonly kind: "session" }> = {}): Choice => ({
    kind: "session",
    sent: undefined,
    mode: "balanced",
    upstream: "default-web-80",
    changeOnFailure: false,
    cookie: { name: "INGRESSCOOKIE", suffix: SUFFIX, attributes: "; Path=/; HttpOnly" },
    ...more,
  });

  test("balanced: a key by chance, and from then on the pod that it is at", () => {
    const of = pods(3, [0.1, 0.7, 0.4]);
    const found = of.resolve(WEB, "HTTP", { choice: session() });
    const [line = ""] = cookieOf(found) ?? [];
    const key = `${NOW / 1000 + 1}.${process.pid}.100000`;
    expect(line).toBe(`Set-Cookie: INGRESSCOOKIE=${key}${SUFFIX}; Path=/; HttpOnly`);
    const again = of.resolve(WEB, "HTTP", { choice: session({ sent: key }) });
    expect(nameOf(again)).toBe(nameOf(found));
    expect(cookieOf(again)).toBeUndefined();
  });

  test("balanced: any value of the cookie is a place on the ring", () => {
    const of = pods(3);
    const found = of.resolve(WEB, "HTTP", { choice: session({ sent: "whatever" }) });
    expect(cookieOf(found)).toBeUndefined();
  });

  test.each([
    [0, "echo/web-0", "b15bad53e999dad59f78bf7a4bb111db"],
    [0.9, "echo/web-1", "00aa376909508c2c8df477ddf8db9a81"],
  ])("persistent: the cookie names the pod by a salted MD5 (draw %d: %s)", (draw, name, key) => {
    const of = pods(2, [draw]);
    const found = of.resolve(WEB, "HTTP", { choice: session({ mode: "persistent" }) });
    expect(nameOf(found)).toBe(name);
    expect(cookieOf(found)).toEqual([`Set-Cookie: INGRESSCOOKIE=${key}${SUFFIX}; Path=/; HttpOnly`]);
    const again = pods(2, [1 - draw]).resolve(WEB, "HTTP", {
      choice: session({ mode: "persistent", sent: key }),
    });
    expect(nameOf(again)).toBe(name);
    expect(cookieOf(again)).toBeUndefined();
  });

  test("persistent: a pod that is gone gives way to a new one, with a new cookie", () => {
    const of = pods(1);
    const gone = session({ mode: "persistent", sent: "00aa376909508c2c8df477ddf8db9a81" });
    expect(cookieOf(of.resolve(WEB, "HTTP", { choice: gone }))).toEqual([
      `Set-Cookie: INGRESSCOOKIE=b15bad53e999dad59f78bf7a4bb111db${SUFFIX}; Path=/; HttpOnly`,
    ]);
  });

  test("where the path has no affinity of its own a session is followed, but none begun", () => {
    const found = pods(2).resolve(WEB, "HTTP", { choice: session({ cookie: undefined }) });
    expect(found.kind).toBe("upstream");
    expect(cookieOf(found)).toBeUndefined();
  });

  describe.each(["balanced", "persistent"] as const)("%s, after a failure", (mode) => {
    const draws = [0.05, 0.55, 0.35, 0.85, 0.15, 0.65];
    const begun = () => {
      const of = pods(2, draws);
      const found = of.resolve(WEB, "HTTP", { choice: session({ mode }) });
      const sent = /INGRESSCOOKIE=([^|]*)/.exec(cookieOf(found)?.[0] ?? "")?.[1];
      return { of, sent, tried: [nameOf(found)] };
    };

    test("the session stays where it is", () => {
      const { of, sent, tried } = begun();
      const found = of.resolve(WEB, "HTTP", { choice: session({ mode, sent }), tried });
      expect([nameOf(found)]).toEqual(tried);
      expect(cookieOf(found)).toBeUndefined();
    });

    test("session-cookie-change-on-failure: it moves, and the cookie says so", () => {
      const { of, sent, tried } = begun();
      const found = of.resolve(WEB, "HTTP", {
        choice: session({ mode, sent, changeOnFailure: true }),
        tried,
      });
      expect([nameOf(found)]).not.toEqual(tried);
      expect(cookieOf(found)).toHaveLength(1);
    });

    test("one without a session finds another pod", () => {
      const { of, tried } = begun();
      const found = of.resolve(WEB, "HTTP", { choice: session({ mode }), tried });
      expect([nameOf(found)]).not.toEqual(tried);
    });

    test("when all have failed it asks one of them again", () => {
      const { of } = begun();
      const tried = ["echo/web-0", "echo/web-1"];
      expect(tried).toContain(nameOf(of.resolve(WEB, "HTTP", { choice: session({ mode }), tried })));
    });
  });

  test("Expires is written as nginx writes it, before the other attributes", () => {
    const cookie = {
      name: "r",
      suffix: SUFFIX,
      expires: 3600,
      attributes: "; Max-Age=3600; Path=/; HttpOnly",
    };
    const found = pods(1).resolve(WEB, "HTTP", { choice: session({ cookie, mode: "persistent" }) });
    expect(cookieOf(found)?.[0]).toContain(
      `${SUFFIX}; Expires=Wed, 25-Nov-26 13:00:00 GMT; Max-Age=3600; Path=/; HttpOnly`,
    );
  });

  test.each([
    [Date.UTC(2010, 10, 18, 11, 27, 35), "Thu, 18-Nov-10 11:27:35 GMT"],
    [Date.UTC(2037, 11, 31, 23, 59, 59), "Thu, 31-Dec-37 23:59:59 GMT"],
    [Date.UTC(2038, 0, 1), "Fri, 01-Jan-2038 00:00:00 GMT"],
    [-1, "Thu, 01-Jan-70 00:00:00 GMT"],
    [Number.MAX_VALUE, "Sat, 13-Sep-275760 00:00:00 GMT"],
  ])("%d ms is %s", (ms, text) => expect(cookieDate(ms)).toBe(text));
});

describe("no endpoints", () => {
  test.each<Choice>([
    { kind: "hash", key: "x" },
    { kind: "hash", key: "x", subsetSize: 3 },
    { kind: "session", sent: "a", mode: "balanced", upstream: "default-web-80", changeOnFailure: false },
    { kind: "session", sent: "a", mode: "persistent", upstream: "default-web-80", changeOnFailure: true },
  ])("%j: 503, with the reason", (choice) => {
    const found = pods(0).resolve(WEB, "HTTP", { choice });
    expect(found.kind).toBe("none");
    expect(nameOf(found)).toContain("has 0 replicas");
  });
});

describe("service-upstream", () => {
  const one = { ...WEB, balancing: { upstream: "default-web-80", endpoints: "service", why: [] } } as const;

  test("is one upstream, the same over updates, named for the Service", () => {
    const of = pods(3);
    const first = of.resolve(one, "HTTP");
    expect(nameOf(first)).toBe("service/default/web:80");
    expect(of.resolve(one, "HTTP")).toBe(first);
    expect(of.describe(one)).toBe("service/default/web:80");
    of.update(snapshotWith({ services: [service("default/web", { selector: APP })] }));
    expect(of.resolve(one, "HTTP")).toBe(first);
    expect(nameOf(of.resolve(WEB, "HTTP"))).toBe("echo/web-0");
  });

  test("leads each connection to the next pod", async () => {
    const of = pods(2);
    const found = of.resolve(one, "HTTP");
    if (found.kind === "none" || found.upstream.connection.kind !== "stream") throw new Error("no stream");
    const { open } = found.upstream.connection;
    const asked = await Promise.all(Array.from({ length: 4 }, () => podAt(open)));
    expect(asked.sort()).toEqual(["web-0", "web-0", "web-1", "web-1"]);
    await of.close();
  });

  test("a Service without endpoints has none by its address either", () => {
    expect(pods(0).resolve(one, "HTTP").kind).toBe("none");
  });
});

/** The pod that answers on a new connection. */
async function podAt(open: (signal: AbortSignal) => Promise<NodeJS.ReadWriteStream>): Promise<string> {
  const stream = await open(new AbortController().signal);
  stream.write("GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return /"pod":\s*"([^"]*)"/.exec(text)?.[1] ?? text;
}
