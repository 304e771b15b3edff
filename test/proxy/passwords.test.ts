import { afterAll, describe, expect, test } from "vitest";
import { readHtpasswd, uselessHash } from "../../src/compile/nginx-annotations/htpasswd.ts";
import { type HashKind, withHashKinds } from "../../src/compile/shared/password-hashes.ts";
import { createBcrypt } from "../../src/proxy/decide/passwords/bcrypt.ts";
import { MOST_KEPT, remembering } from "../../src/proxy/decide/passwords/check.ts";
import { verify as verifyWith } from "../../src/proxy/decide/passwords/verify.ts";
import { readCredentials } from "../../src/request/credentials.ts";

const bcrypt = createBcrypt();
afterAll(() => bcrypt.close());
const verify = (hash: string, password: string) => verifyWith(hash, password, bcrypt);

const LONG = "päss wort that is longer than sixty-four bytes, to go through the blocks";
const bytes = (text: string) => Buffer.from(text, "utf8").toString("latin1");

// From openssl passwd, glibc's crypt and htpasswd, not from the code under test.
const HASHES: readonly (readonly [hash: string, password: string])[] = [
  ["$apr1$abcdefgh$h9FWgUz3n9YxylKLlR5SQ/", "secret"],
  ["$apr1$12345678$sHuPAw7VA9xjRbJz7zKV7/", ""],
  ["$1$abc$dmFiZ.bx5f99XqzISlIQP1", "a longer password than sixteen"],
  ["$1$$vz.svFhhwmhT8Rse3C./C/", LONG],
  ["$5$saltstring$C3o4O1TC6aRHF4FI.QSZMXtHbaj2gSXr4sUc/3NcUi.", "secret"],
  ["$5$rounds=1000$0123456789abcdef$fDbNqPi1q9Ui.fYd3dJC054Ljv.Y5vinnboIwxs8m32", LONG],
  [
    "$6$saltstring$AIsRs/Ee56G/tC8MEHhvReZTfx8u3rXXMl6eYrjCG9ibix19DxoMBLogdTET5Ukw9Sf7eZTITsuk0Ry5qulYz.",
    "secret",
  ],
  ["$6$$ygjodC2d/cdupnIK6Uth5ZM89mRtVdeF8mpWMaAiR/UNjsGz1rlDg/yqREITDOJnuU2o7pm8WujtRf.rLMUAl1", LONG],
  [
    "$6$rounds=12345$x$fXRI7QpSUjTwx7xpCrvMdJ1nSYAov09d8d9bUAw5lvqsRT755jtiUbYsNUDBuDz0EoAZkL69wwBORjTczLQNo.",
    LONG,
  ],
  ["$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a", "secret"],
  ["xxWAum7tHdIUw", "secret"],
  ["abzlUXK5ed5rs", "pw"],
  ["./FixDLDyLgz2", "pä"],
  ["{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=", "secret"],
  ["{SSHA}gVK8WC9YyFT1gMsQHTGCgT3sSv5zYWx0", "secret"],
  ["{PLAIN}secret", "secret"],
];

const HASH_256 =
  "$6$saltstring$lFyTEkiDvtqEpd8AaBY5/Y0yYHrcb6QZplB1fN4augW9PihrwKxqtOjXU//uux0FX.rwkVw1YMfgKvgQQM3LE0";
const HASH_257 =
  "$6$saltstring$/OJrMpEuDexEsf4H0UOzKIPwL3D1DWfFL.dio6yLASKnUkLfhZoasPlwL7e.IBcK/GJeJGQPc6.5zEe2x8SuE1";

describe("hashes (ngx_crypt.c, crypt(3))", () => {
  // From glibc, which accepts 512 bytes. The controller's libc accepts 256.
  test.each([
    [256, HASH_256],
    [257, HASH_257],
  ])("a password of %i bytes for $6$", async (length, hash) => {
    expect(await verify(hash, "a".repeat(length))).toBe(length === 256);
  });

  test.each(HASHES)("%s is of %s", async (hash, password) => {
    expect(uselessHash(hash)).toBeUndefined();
    expect(await verify(hash, bytes(password))).toBe(true);
    expect(await verify(hash, bytes(`${password}.`))).toBe(false);
    expect(await verify(`${hash.slice(0, -1)}!`, bytes(password))).toBe(false);
  });

  test.each([
    "secret",
    "",
    "{sha}5en6G6MezRroT3XKqkdPOmY/BfQ=",
    "$7$a$b",
    "$1$",
    "$2y$",
    `$2y$03$${"a".repeat(53)}`,
    `$2y$99$${"a".repeat(53)}`,
    `$2y$05$${"!".repeat(53)}`,
    `$2y$5$${"a".repeat(54)}`,
    `$2y$31$${"a".repeat(53)}`,
    "$6$rounds=x$a$b",
    "xx1LtbDbOY4/",
    "!x1LtbDbOY4/E",
  ])("%j is of no password, and known to be", async (hash) => {
    expect(uselessHash(hash)).toMatch(/cannot come in/);
    expect(await verify(hash, "secret")).toBe(false);
  });
});

/** What Traefik checks (go-http-auth's basic.go). */
const TRAEFIK: readonly HashKind[] = ["bcrypt", "md5", "sha1"];

test.each([
  // kinds, the beginnings of the hashes that are checked
  [TRAEFIK, ["$apr1$", "$apr1$", "$1$", "$1$", "$2y$", "{SHA}"]],
  [["sha1"], ["{SHA}"]],
  [
    ["sha256", "sha512"],
    ["$5$", "$5$", "$6$", "$6$", "$6$"],
  ],
  [
    ["des", "salted-sha1", "plain"],
    ["xx", "ab", "./", "{SSHA}", "{PLAIN}"],
  ],
] as const)("of the kinds %j alone", async (kinds, beginnings) => {
  const users = withHashKinds(new Map(HASHES.map(([hash], at) => [`user${at}`, hash])), kinds);
  const checked = [...users.values()].filter((hash) => hash !== "");
  expect(users.size).toBe(HASHES.length);
  expect(checked.map((hash, at) => hash.slice(0, beginnings[at]?.length))).toEqual(beginnings);
  expect(await verify("", "")).toBe(false);
});

test("traditional crypt looks at eight bytes, and at seven bits of each", async () => {
  expect(await verify("./55U6dQC81Cw", "longer password")).toBe(true);
  expect(await verify("./55U6dQC81Cw", "longer p")).toBe(true);
  expect(await verify("./55U6dQC81Cw", "longer ")).toBe(false);
  expect(await verify("zZr5JvHhyDA1w", "p\xe4ss")).toBe(true);
  expect(await verify("zZr5JvHhyDA1w", "p\x64ss")).toBe(true);
});

test("bcrypt leaves the event loop alone: others have their turns while it works", async () => {
  const cost12 = "$2b$12$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a";
  let turns = 0;
  let over = false;
  const answer = verify(cost12, "secret").finally(() => {
    over = true;
  });
  while (!over) {
    turns++;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  expect(await answer).toBe(false);
  // bcryptjs alone, at 100 ms per turn, makes fewer than twenty.
  expect(turns).toBeGreaterThan(100);
});

test("bcrypt that has been stopped fails, and starts again", async () => {
  const once = createBcrypt();
  const hash = "$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a";
  const broken = once.compare("secret", hash);
  once.close();
  await expect(broken).rejects.toThrow("the proxy has stopped");
  expect(await once.compare("secret", hash)).toBe(true);
  once.close();
});

test("an htpasswd file is read as nginx reads it", () => {
  const text = "# comment\na:one\na:two\nb:x:more\r\n:none\n\nno colon\nc:$apr1$s$h\r\nlast:p";
  expect([...readHtpasswd(text)]).toEqual([
    ["a", "one"],
    ["b", "x"],
    ["c", "$apr1$s$h"],
    ["last", "p"],
  ]);
});

test.each([
  // header                                  credentials
  [`Basic ${btoa("a:b")}`, { user: "a", password: "b" }],
  [`basic  ${btoa("a:b:c")}`, { user: "a", password: "b:c" }],
  [`Basic ${btoa("a:")}`, { user: "a", password: "" }],
  [`Basic ${btoa(":b")}`, undefined],
  [`Basic ${btoa("ab")}`, undefined],
  ["Basic", undefined],
  ["Basic !", undefined],
  [`Bearer ${btoa("a:b")}`, undefined],
  [undefined, undefined],
])("%s says %j", (header, credentials) => expect(readCredentials(header)).toEqual(credentials));

describe("a right password is kept for a minute", () => {
  function counted() {
    let now = 0;
    const asked: string[] = [];
    const work = async (hash: string, password: string) => {
      asked.push(`${hash} ${password}`);
      return hash === password;
    };
    const check = remembering(work, () => now, Buffer.alloc(32));
    return { check, asked, to: (ms: number) => (now = ms) };
  }

  test("but a wrong one is not, nor one for another hash", async () => {
    const { check, asked, to } = counted();
    for (const [hash, password] of [
      ["a", "a"],
      ["a", "a"],
      ["a", "b"],
      ["a", "b"],
      ["b", "b"],
    ] as const)
      expect(await check(hash, password)).toBe(hash === password);
    expect(asked).toEqual(["a a", "a b", "a b", "b b"]);
    to(59_999);
    await check("a", "a");
    expect(asked.length).toBe(4);
    to(60_000);
    await check("a", "a");
    expect(asked.length).toBe(5);
  });

  test("fifty at once are one", async () => {
    const { check, asked } = counted();
    expect(await Promise.all(Array.from({ length: 50 }, () => check("a", "a")))).toEqual(
      Array(50).fill(true),
    );
    expect(asked).toEqual(["a a"]);
  });

  test("and what is kept is bounded", async () => {
    const { check, asked } = counted();
    for (let i = 0; i <= MOST_KEPT; i++) await check(String(i), String(i));
    await check("1", "1");
    expect(asked.length).toBe(MOST_KEPT + 1);
    await check("0", "0");
    expect(asked.length).toBe(MOST_KEPT + 2);
  });
});
