import { once } from "node:events";
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders, sensitiveHeaders } from "node:http2";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { HeaderDecoder } from "../../src/http2/hpack/decoder.ts";
import { encodeField, encodeStatus, tableSizeUpdate } from "../../src/http2/hpack/encoder.ts";
import { type H2Peer, h2Peer } from "./h2-peer.ts";

const ANSWER = [":status", "204", "x-a", "b"];
const COMPRESSION_ERROR = 9;

type Fields = readonly (readonly [name: string, value: string])[];

async function session(
  peer: H2Peer,
  options: { readonly itsTableBytes?: number; readonly ourTableBytes?: number } = {},
): Promise<ClientHttp2Session> {
  const client = connect(peer.url, {
    settings: options.ourTableBytes === undefined ? {} : { headerTableSize: options.ourTableBytes },
    // What the peer's setting allows is used whole.
    maxDeflateDynamicTableSize: options.itsTableBytes ?? 4096,
  });
  onTestFinished(() => {
    client.destroy();
    peer.server.close();
  });
  await Promise.all([once(client, "remoteSettings"), once(client, "localSettings")]);
  return client;
}

/** The header lines of the answer. */
function ask(client: ClientHttp2Session, headers: OutgoingHttpHeaders): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const stream = client.request(headers, { endStream: true });
    stream.on("error", reject);
    stream.on("close", () => reject(new Error("no answer")));
    stream.on("response", (_headers: object, _flags: number, lines: readonly string[]) => resolve(lines));
    stream.resume();
  });
}

const VISIBLE = Array.from({ length: 256 - 33 }, (_, at) => String.fromCharCode(33 + at)).filter(
  (char) => char !== "\x7f",
);
const NAMES =
  "accept user-agent cookie authorization cache-control if-none-match referer x-a x-request-id".split(" ");
const fields: fc.Arbitrary<Fields> = fc.uniqueArray(
  fc.tuple(
    fc.oneof(
      fc.constantFrom(...NAMES),
      fc.string({ unit: fc.constantFrom(..."abcxyz-09_"), maxLength: 30 }).map((name) => `x${name}`),
    ),
    fc
      .oneof(
        fc.constantFrom("a", "*/*", "gzip, deflate", "no-cache", "Mon, 21 Oct 2013 20:13:21 GMT"),
        fc.string({ unit: fc.constantFrom(..."abcdefghij0123456789/=; "), size: "max", maxLength: 300 }),
        fc.string({ unit: fc.constantFrom(...VISIBLE), maxLength: 80, size: "max" }),
      )
      .map((value) => value.trim()),
  ),
  { selector: ([name]) => name, maxLength: 20, size: "max" },
);

function asked(seed: number, count: number): Fields[] {
  return fc.sample(fields, { seed, numRuns: count });
}

test.each([0, 100, 4_096, 65_536])("nghttp2's requests with a table of %i bytes", async (tableBytes) => {
  const peer = await h2Peer(tableBytes, () => encodeStatus(204));
  const client = await session(peer, { itsTableBytes: tableBytes });
  const requests = asked(tableBytes, 400);
  for (const [at, own] of requests.entries())
    await ask(client, {
      ":path": `/${at}?${"x".repeat(at)}`,
      ":method": at % 2 ? "GET" : "OPTIONS",
      ":authority": at % 3 ? "a.test" : `${at}.test`,
      ...Object.fromEntries(own),
      [sensitiveHeaders]: ["authorization"],
    });
  expect(peer.blocks).toHaveLength(requests.length);
  for (const [at, { list }] of peer.blocks.entries()) {
    const pairs = list.flatMap((name, index) => (index % 2 ? [] : [[name, list[index + 1]]]));
    expect(Object.fromEntries(pairs.slice(0, 4))).toEqual({
      ":path": `/${at}?${"x".repeat(at)}`,
      ":method": at % 2 ? "GET" : "OPTIONS",
      ":authority": at % 3 ? "a.test" : `${at}.test`,
      ":scheme": "http",
    });
    expect(pairs.slice(4)).toEqual(requests[at]);
  }
  // Blocks lean on those before them, where there is a table to lean on.
  const leaning = peer.blocks.filter(({ bytes, list }) => !isDeepStrictEqual(readAlone(bytes), list));
  expect(leaning.length > 0).toBe(tableBytes > 0);
});

function readAlone(block: Buffer): readonly string[] | undefined {
  try {
    return new HeaderDecoder(65_536).decode(block, { bytes: 1_000_000, lines: 1_000 });
  } catch {
    return;
  }
}

test("nghttp2's Huffman code of every byte that a value may hold", async () => {
  const peer = await h2Peer(4_096, () => encodeStatus(204));
  const client = await session(peer);
  // Short codes around the byte, so that the code is shorter than the bytes.
  const values = [" ", ...VISIBLE].map((char) => `${"a".repeat(16)}${char}${"e".repeat(16)}`);
  for (const value of values) await ask(client, { "x-a": value });
  expect(peer.blocks.map(({ list }) => list.at(-1))).toEqual(values);
  expect(peer.blocks.filter(({ bytes }) => bytes.includes("eeee"))).toEqual([]);
});

test("nghttp2 reads our answers", async () => {
  const answers = asked(1, 300);
  const peer = await h2Peer(4_096, (list) => {
    const at = Number(list[list.indexOf("x-at") + 1]);
    const own = (answers[at] ?? []).map(([name, value]) => encodeField(name, value));
    return encodeStatus(200 + at) + own.join("");
  });
  const client = await session(peer);
  for (const [at, own] of answers.entries())
    expect(await ask(client, { "x-at": String(at) })).toEqual([":status", String(200 + at), ...own.flat()]);
});

test.each([
  ["4096, and blocks say nothing", 4_096, "", true],
  ["65536, and blocks say nothing", 65_536, "", true],
  ["100, and the first block says 0", 100, tableSizeUpdate(), true],
  ["0, and the first block says 0", 0, tableSizeUpdate(), true],
  // Why it has to be said: nghttp2 takes nothing else.
  ["100, and blocks say nothing", 100, "", false],
])("nghttp2's own table has %s", async (_, ourTableBytes, first, isRead) => {
  let update = first;
  const peer = await h2Peer(4_096, () => {
    const block = update + encodeStatus(204) + encodeField("x-a", "b");
    update = "";
    return block;
  });
  const client = await session(peer, { ourTableBytes });
  client.on("error", () => {});
  const answer = ask(client, {});
  if (isRead) {
    expect(await answer).toEqual(ANSWER);
    expect(await ask(client, {})).toEqual(ANSWER);
    // Once is enough: smaller ones follow, and larger ones.
    for (const headerTableSize of first === "" ? [] : [50, 4_096, 0]) {
      client.settings({ headerTableSize });
      await once(client, "localSettings");
      expect(await ask(client, {})).toEqual(ANSWER);
    }
  } else {
    const refused = expect(answer).rejects.toThrow();
    await expect.poll(() => peer.closed).toEqual([COMPRESSION_ERROR]);
    client.destroy();
    await refused;
  }
});
