import { getHeapSpaceStatistics } from "node:v8";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HeaderDecoder } from "../../src/http2/hpack/decoder.ts";
import { encodeField, encodeStatus, tableSizeUpdate } from "../../src/http2/hpack/encoder.ts";
import { HpackError } from "../../src/http2/hpack/hpack-error.ts";
import { huffman } from "./huffman-codes.ts";

const WIDE = { bytes: 1_000_000, lines: 10_000 };

function bytes(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(/\s/g, ""), "hex");
}

/** What was added and not evicted, newest first. Reading an index changes no table. */
function tableOf(decoder: HeaderDecoder): string[] {
  const added: string[] = [];
  for (let index = 62; ; index++)
    try {
      const block = index < 127 ? [0x80 | index] : [0xff, index - 127];
      added.push(decoder.decode(Buffer.from(block), WIDE)?.join(": ") ?? "");
    } catch {
      return added;
    }
}

function lines(text: string): string[] {
  return text
    .trim()
    .split("\n")
    .map((line) => line.trim());
}

describe("what a block says (RFC 7541 appendix C.2)", () => {
  test.each([
    [
      "C.2.1: literal, added",
      "400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572",
      "custom-key: custom-header",
      1,
    ],
    ["C.2.2: literal, not added", "040c 2f73 616d 706c 652f 7061 7468", ":path: /sample/path", 0],
    ["C.2.3: literal, never added", "1008 7061 7373 776f 7264 0673 6563 7265 74", "password: secret", 0],
    ["C.2.4: indexed", "82", ":method: GET", 0],
  ])("%s", (_, hex, field, added) => {
    const decoder = new HeaderDecoder();
    expect(decoder.decode(bytes(hex), WIDE)?.join(": ")).toBe(field);
    expect(tableOf(decoder)).toEqual(added === 1 ? [field] : []);
  });
});

/** Three blocks of one connection, each as RFC 7541 writes it: what it says, and what the table then holds. */
const REQUESTS = [
  {
    says: `
      :method: GET
      :scheme: http
      :path: /
      :authority: www.example.com`,
    table: `
      :authority: www.example.com`,
  },
  {
    says: `
      :method: GET
      :scheme: http
      :path: /
      :authority: www.example.com
      cache-control: no-cache`,
    table: `
      cache-control: no-cache
      :authority: www.example.com`,
  },
  {
    says: `
      :method: GET
      :scheme: https
      :path: /index.html
      :authority: www.example.com
      custom-key: custom-value`,
    table: `
      custom-key: custom-value
      cache-control: no-cache
      :authority: www.example.com`,
  },
];
const RESPONSES = [
  {
    says: `
      :status: 302
      cache-control: private
      date: Mon, 21 Oct 2013 20:13:21 GMT
      location: https://www.example.com`,
    table: `
      location: https://www.example.com
      date: Mon, 21 Oct 2013 20:13:21 GMT
      cache-control: private
      :status: 302`,
  },
  {
    says: `
      :status: 307
      cache-control: private
      date: Mon, 21 Oct 2013 20:13:21 GMT
      location: https://www.example.com`,
    table: `
      :status: 307
      location: https://www.example.com
      date: Mon, 21 Oct 2013 20:13:21 GMT
      cache-control: private`,
  },
  {
    says: `
      :status: 200
      cache-control: private
      date: Mon, 21 Oct 2013 20:13:22 GMT
      location: https://www.example.com
      content-encoding: gzip
      set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1`,
    table: `
      set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1
      content-encoding: gzip
      date: Mon, 21 Oct 2013 20:13:22 GMT`,
  },
];

describe("three blocks of one connection (RFC 7541 appendices C.3 to C.6)", () => {
  test.each([
    {
      name: "C.3: requests",
      tableBytes: 4096,
      blocks: [
        "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        "8286 84be 5808 6e6f 2d63 6163 6865",
        "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
      ],
      expected: REQUESTS,
    },
    {
      name: "C.4: requests in Huffman's code",
      tableBytes: 4096,
      blocks: [
        "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
        "8286 84be 5886 a8eb 1064 9cbf",
        "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
      ],
      expected: REQUESTS,
    },
    {
      name: "C.5: responses",
      tableBytes: 256,
      blocks: [
        `4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133
         2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70
         6c65 2e63 6f6d`,
        "4803 3330 37c1 c0bf",
        `88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d
         54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049
         5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e
         3d31`,
      ],
      expected: RESPONSES,
    },
    {
      name: "C.6: responses in Huffman's code",
      tableBytes: 256,
      blocks: [
        `4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6
         2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3`,
        "4883 640e ffc1 c0bf",
        `88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab
         77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f
         9587 3160 65c0 03ed 4ee5 b106 3d50 07`,
      ],
      expected: RESPONSES,
    },
  ])("$name", ({ tableBytes, blocks, expected }) => {
    const decoder = new HeaderDecoder(tableBytes);
    // The peer takes over the setting: 256 is 3fe101, 4096 is 3fe11f.
    expect(decoder.decode(bytes(tableBytes === 256 ? "3fe101" : "3fe11f"), WIDE)).toEqual([]);
    for (const [at, block] of blocks.entries()) {
      const list = decoder.decode(bytes(block), WIDE) ?? [];
      const fields = list.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${list[index + 1]}`] : []));
      expect(fields).toEqual(lines(expected[at]?.says ?? ""));
      expect(tableOf(decoder)).toEqual(lines(expected[at]?.table ?? ""));
    }
  });
});

describe("the edges of the format", () => {
  const LONG = "61".repeat(127);
  test.each([
    ["nothing", "", []],
    ["only a size of the table, 4096", "3fe11f", []],
    ["two sizes, then a field", "203fe11f82", [":method", "GET"]],
    ["a name of no bytes", "00000161", ["", "a"]],
    ["a value of no bytes", "00016100", ["a", ""]],
    ["a Huffman string of no bytes", "00016180", ["a", ""]],
    ["seven bits of padding", "000161 84 18c6 31ff", ["a", "aaaaa"]],
    ["every byte", "000161 04 000a7fff", ["a", "\0\n\x7f\xff"]],
    ["a length of 127 in two bytes", `000161 7f00 ${LONG}`, ["a", "a".repeat(127)]],
    ["the same length in five bytes", `000161 7f80808000 ${LONG}`, ["a", "a".repeat(127)]],
    ["the last entry of the static table", "bd", ["www-authenticate", ""]],
    ["an added entry in the same block", "40016101 62 be", ["a", "b", "a", "b"]],
    ["an added entry that fills the table", "3f03 40016101 62 be", ["a", "b", "a", "b"]],
    ["a name from an entry that it evicts", `3f11 40016101 62 7e 00`, ["a", "b", "a", ""]],
  ])("%s", (_, hex, list) => expect(new HeaderDecoder().decode(bytes(hex), WIDE)).toEqual(list));

  test.each([
    ["a name is missing", "40"],
    ["half a name", "400261"],
    ["a value is missing", "400161"],
    ["half a value", "40016102 61"],
    ["half a Huffman value", "40016182 1f"],
    ["half a number", "ff80"],
    ["a number of five bytes behind the first", `000161 7f8080808000 ${LONG}`],
    ["a number above 2^28", "7f ffffffff7f 00"],
    ["a length above what is there", "000161 7fffffff7f"],
    ["index 0", "80"],
    ["index 62, of an empty table", "be"],
    ["the name of entry 62, of an empty table", "7e00"],
    ["the name of entry 62, not added", "0f2f00"],
    ["an entry that was evicted", "40016101 62 20be"],
    ["an entry that the table has no room for", "3f01 40016101 62 be"],
    ["a size behind a field", "8220 0161 0162"],
    ["a size above the setting, 4097", "3fe21f"],
    ["half a size", "3f"],
    ["EOS in a string", "000161 84 ffffffff"],
    ["EOS behind a byte", "000161 85 1fffffffff"],
    ["eight bits of padding", "000161 81 ff"],
    ["a byte of padding behind a whole code", "000161 82 1fff"],
    ["padding of zeros", "000161 81 18"],
    ["a string that ends within a code", "000161 81 fe"],
  ])("not HPACK: %s", (_, hex) => {
    expect(() => new HeaderDecoder().decode(bytes(hex), WIDE)).toThrow(HpackError);
  });

  test.each([
    [4096, "3fe11f", "3fe21f"],
    [100, "3f45", "3f46"],
    [0, "20", "21"],
    [65_536, "3fe1ff03", "3fe2ff03"],
  ])("of a setting of %i bytes, %s is the largest size", (setting, most, more) => {
    expect(new HeaderDecoder(setting).decode(bytes(most), WIDE)).toEqual([]);
    expect(() => new HeaderDecoder(setting).decode(bytes(more), WIDE)).toThrow(
      `sets the table to ${setting + 1} bytes, of at most ${setting}`,
    );
  });
});

/** Of long arrays and the like: where numbers are kept is the compiler's choice. */
function largeBytes(): number {
  const spaces = getHeapSpaceStatistics().filter(({ space_name }) => space_name.includes("large_object"));
  return spaces.reduce((sum, { space_used_size }) => sum + space_used_size, 0);
}

describe("lists over the limits", () => {
  // Two fields of 1 + 1 + 32 bytes; the first is added.
  const BLOCK = bytes("4001610162 0001630164");
  test.each([
    [68, 2, ["a", "b", "c", "d"]],
    [67, 2, undefined],
    [68, 1, undefined],
    [33, 2, undefined],
    [0, 0, undefined],
  ])("%i bytes and %i lines", (most, count, list) => {
    const decoder = new HeaderDecoder();
    expect(decoder.decode(BLOCK, { bytes: most, lines: count })).toEqual(list);
    expect(tableOf(decoder)).toEqual(["a: b"]);
  });

  test("what stands behind the limit is added too, and errors are found", () => {
    const decoder = new HeaderDecoder();
    const none = { bytes: 40, lines: 1 };
    expect(decoder.decode(bytes("8282 4001610162 be 4001630164"), none)).toBeUndefined();
    expect(tableOf(decoder)).toEqual(["c: d", "a: b"]);
    expect(() => decoder.decode(bytes("8282 80"), none)).toThrow(HpackError);
  });

  test("a block of two million references to one entry builds no list of them", () => {
    const decoder = new HeaderDecoder();
    const value = "x".repeat(4_000);
    decoder.decode(Buffer.from(`\x40\x01a\x7f${"\xa1\x1e"}${value}`, "latin1"), WIDE);
    expect(tableOf(decoder)).toEqual([`a: ${value}`]);
    const bomb = Buffer.alloc(2_000_000, 0xbe);
    const before = largeBytes();
    expect(decoder.decode(bomb, { bytes: 65_536, lines: 10_000 })).toBeUndefined();
    // A list of them would take 32 MB.
    expect(largeBytes() - before).toBeLessThan(8_000_000);
    expect(decoder.decode(bytes("be"), WIDE)).toEqual(["a", value]);
  });
});

const anyText = fc.uint8Array({ maxLength: 300 }).map((octets) => Buffer.from(octets).toString("latin1"));
const anyName = fc.oneof(
  fc.constantFrom("content-type", "set-cookie", "authorization", "x-a", "www-authenticate", "accept-charset"),
  anyText,
);

describe("what is written", () => {
  test.each([
    [200, "88"],
    [204, "89"],
    [206, "8a"],
    [304, "8b"],
    [400, "8c"],
    [404, "8d"],
    [500, "8e"],
    [302, "08 03 333032"],
    [999, "08 03 393939"],
  ])("status %i", (status, hex) => expect(Buffer.from(encodeStatus(status), "latin1")).toEqual(bytes(hex)));

  test.each([
    ["a name of the static table", "date", "a", "0f12 0161"],
    ["another name", "x", "", "00 0178 00"],
    ["a value of 127 bytes", "x", "a".repeat(127), `00 0178 7f00 ${"61".repeat(127)}`],
    ["a value of 400 bytes", "x", "a".repeat(400), `00 0178 7f9102 ${"61".repeat(400)}`],
    ["a secret, never to be added", "set-cookie", "a", "1f28 0161"],
    ["another secret", "authorization", "a", "1f08 0161"],
    ["a byte above 127", "x", "\xe9", "00 0178 01e9"],
  ])("%s", (_, name, value, hex) => {
    for (const time of ["first", "again"])
      expect(Buffer.from(encodeField(name, value), "latin1"), time).toEqual(bytes(hex));
  });

  test("a table of no bytes", () => expect(tableSizeUpdate()).toBe("\x20"));

  test("is read as it was meant, and adds nothing", () => {
    const decoder = new HeaderDecoder();
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.integer({ min: 100, max: 999 }),
        fc.array(fc.tuple(anyName, anyText), { maxLength: 20 }),
        (sized, status, fields) => {
          const text = [
            sized ? tableSizeUpdate() : "",
            encodeStatus(status),
            ...fields.map(([name, value]) => encodeField(name, value)),
          ].join("");
          expect(decoder.decode(Buffer.from(text, "latin1"), WIDE)).toEqual([
            ":status",
            String(status),
            ...fields.flat(),
          ]);
          expect(tableOf(decoder)).toEqual([]);
        },
      ),
    );
  });
});

test("every byte has its code, as appendix B says", () => {
  for (let byte = 0; byte < 256; byte++) {
    const text = huffman([byte, 0x61, byte]);
    const block = Buffer.concat([Buffer.from([0, 0, 0x80 | text.length]), text]);
    expect(new HeaderDecoder().decode(block, WIDE)).toEqual(["", String.fromCharCode(byte, 0x61, byte)]);
  }
});

test("long texts in Huffman's code", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 2_000, maxLength: 8_000, size: "max" }), (octets) => {
      const text = huffman(octets);
      const rest = text.length - 127;
      const head = [0, 0, 0xff, 0x80 | (rest & 0x7f), 0x80 | ((rest >> 7) & 0x7f), rest >> 14];
      const list = new HeaderDecoder().decode(Buffer.concat([Buffer.from(head), text]), WIDE);
      expect(list).toEqual(["", Buffer.from(octets).toString("latin1")]);
    }),
    { numRuns: 20, endOnFailure: true },
  );
});

function prefixed(text: string): string {
  return String.fromCharCode(text.length) + text;
}

/** What a block may hold: `index` is of the entries there are. */
type Part =
  | { readonly kind: "size"; readonly size: number }
  | { readonly kind: "add"; readonly name: string; readonly value: string }
  | { readonly kind: "index"; readonly index: number };

test("the table is the list of RFC 7541 section 2.3.2, through any sizes", () => {
  const short = fc.string({ maxLength: 20, size: "max" });
  const part: fc.Arbitrary<Part> = fc.oneof(
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("size"), size: fc.nat(4096) }) },
    { weight: 12, arbitrary: fc.record({ kind: fc.constant("add"), name: short, value: short }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("index"), index: fc.nat() }) },
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 400, size: "max" }), (parts) => {
      const decoder = new HeaderDecoder();
      let table: (readonly [name: string, value: string])[] = [];
      let size = 4096;
      const evict = () => {
        let left = size;
        table = table.filter(([name, value]) => {
          left -= name.length + value.length + 32;
          return left >= 0;
        });
      };
      for (const each of parts) {
        if (each.kind === "size") {
          size = each.size;
          evict();
          const rest = size - 31;
          const block = rest < 0 ? [0x20 | size] : [0x3f, 0x80 | (rest & 0x7f), rest >> 7];
          expect(decoder.decode(Buffer.from(block), WIDE)).toEqual([]);
        } else if (each.kind === "add") {
          const block = `\x40${prefixed(each.name)}${prefixed(each.value)}`;
          expect(decoder.decode(Buffer.from(block), WIDE)).toEqual([each.name, each.value]);
          table.unshift([each.name, each.value]);
          evict();
        } else if (table.length > 0) {
          const at = each.index % table.length;
          const block = at + 62 < 127 ? [0x80 | (at + 62)] : [0xff, at + 62 - 127];
          expect(decoder.decode(Buffer.from(block), WIDE)).toEqual(table[at]);
        }
      }
      expect(tableOf(decoder)).toEqual(table.map(([name, value]) => `${name}: ${value}`));
    }),
  );
});

test("any bytes are a list, over the limits or not HPACK, and nothing else", () => {
  const fields = "\x82 \xbe \x7e\x01b \x40\x01a\x01b \x00\x01a\x82\x1f\xff".split(" ");
  const piece = fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(...fields) },
    { weight: 1, arbitrary: anyText },
  );
  const sizes = fc.constantFrom("", "\x3f\xe1\x1f", "\x20");
  const block = fc
    .tuple(sizes, fc.array(piece, { maxLength: 8, size: "max" }))
    .map(([size, pieces]) => size + pieces.join(""));
  const blocks = fc.array(block, { maxLength: 6, size: "max" });
  const seen = { list: 0, over: 0, fault: 0 };
  fc.assert(
    fc.property(blocks, (written) => {
      const decoder = new HeaderDecoder();
      decoder.decode(Buffer.from("\x40\x01a\x01b", "latin1"), WIDE);
      for (const text of written)
        try {
          const list = decoder.decode(Buffer.from(text, "latin1"), { bytes: 200, lines: 3 });
          if (list === undefined) seen.over++;
          else seen.list++;
          expect((list ?? []).length).toBeLessThanOrEqual(6);
        } catch (error) {
          expect(error).toBeInstanceOf(HpackError);
          seen.fault++;
          return;
        }
    }),
    { numRuns: 3_000 },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(50);
});
