import { execFile, execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { newRsaKeyPair } from "../../certs/keys.ts";
import { readPair } from "../../certs/pair.ts";
import { type CertificateStore, openStore, type StoredCertificate } from "../../certs/store.ts";
import { built } from "../support/built.ts";
import { EC, NO_OPENSSL, read, realPair, scratch } from "./support/fixtures.ts";

const DAY = 86_400_000;
const NOW = new Date("2030-06-15T12:00:00.500Z");
const inDays = (days: number): Date => new Date(NOW.getTime() + days * DAY);
const WANTED = {
  namespace: "default",
  secretName: "my-ssl",
  hosts: ["www.basic-ssl.com", "*.basic-ssl.com"],
};
const WINDOWS = process.platform === "win32";
const ROOT = process.getuid?.() === 0;

// Keys are slow to make, so every store of this file gets the same two in turn.
const keyPairs = [await newRsaKeyPair(), await newRsaKeyPair()] as const;
let turn = 0;
function open(dir: string): CertificateStore {
  return openStore(dir, async () => keyPairs[turn++ % 2 === 0 ? 0 : 1]);
}

async function issued(dir: string): Promise<StoredCertificate> {
  return await open(dir).ensure(WANTED, NOW);
}

test("stores DIR/NAMESPACE/SECRET/tls.crt and tls.key, and gives what it stored", async () => {
  const dir = scratch();
  const first = await issued(dir);
  expect(first).toMatchObject({ ...WANTED, path: join(dir, "default/my-ssl/tls.crt"), warning: undefined });
  expect(read(dir, "default/my-ssl/tls.crt")).toBe(first.certPem);
  expect(read(dir, "default/my-ssl/tls.key")).toBe(first.keyPem);
  expect(readdirSync(join(dir, "default"))).toEqual(["my-ssl"]);
});

test.skipIf(WINDOWS)("the key is for its owner alone, whatever the umask", async () => {
  const dir = join(scratch(), "not", "there", "yet");
  const before = process.umask(0);
  try {
    await issued(dir);
  } finally {
    process.umask(before);
  }
  const mode = (name: string): string => (statSync(join(dir, name)).mode & 0o777).toString(8);
  const modes = ["", "default", "default/my-ssl", "default/my-ssl/tls.key"].map(mode);
  expect(modes).toEqual(["700", "700", "700", "600"]);
});

test.each([
  // days from now  reused  what the case shows
  [0, true, "at once"],
  [334, true, "with 31 days left"],
  [336, false, "with 29 days left"],
  [400, false, "after its end"],
  [-1, false, "when the clock was set back: it is from the future"],
  [-400, false, "when the clock was set back by more than its life"],
])("%i days later it is reused: %s (%s)", async (days, reused) => {
  const dir = scratch();
  const first = await issued(dir);
  const second = await open(dir).ensure(WANTED, inDays(days));
  expect(second.fingerprint256 === first.fingerprint256).toBe(reused);
  expect(second.notBefore.getTime()).toBeLessThanOrEqual(inDays(days).getTime());
  expect(second.notAfter.getTime() - inDays(days).getTime()).toBeGreaterThan(30 * DAY);
  expect(read(dir, "default/my-ssl/tls.crt")).toBe(second.certPem);
});

test.each([
  // hosts                                                          reused
  [["*.basic-ssl.com", "www.basic-ssl.com"], true],
  [["WWW.basic-ssl.com", "*.basic-ssl.com."], true],
  [["www.basic-ssl.com"], false],
  [["www.basic-ssl.com", "*.basic-ssl.com", "more.test"], false],
  [["www.basic-ssl.com", "other.test"], false],
])("wanted for %j it is reused: %s", async (hosts, reused) => {
  const dir = scratch();
  const first = await issued(dir);
  const second = await open(dir).ensure({ ...WANTED, hosts }, NOW);
  expect(second.fingerprint256 === first.fingerprint256).toBe(reused);
});

const FOLDER = "default/my-ssl";
test.each<[string, (dir: string, first: StoredCertificate) => void]>([
  ["tls.key is missing", (dir) => rmSync(join(dir, FOLDER, "tls.key"))],
  ["tls.crt is missing", (dir) => rmSync(join(dir, FOLDER, "tls.crt"))],
  ["tls.crt is empty", (dir) => writeFileSync(join(dir, FOLDER, "tls.crt"), "")],
  ["tls.key is garbage", (dir) => writeFileSync(join(dir, FOLDER, "tls.key"), Buffer.alloc(5000, 0xc3))],
  [
    "tls.key is cut off",
    (dir, { keyPem }) => writeFileSync(join(dir, FOLDER, "tls.key"), keyPem.slice(0, 900)),
  ],
  [
    "tls.key belongs to another certificate",
    (dir, { keyPem }) => {
      const other = keyPairs.find(({ privateKeyPem }) => privateKeyPem !== keyPem);
      writeFileSync(join(dir, FOLDER, "tls.key"), other?.privateKeyPem ?? "");
    },
  ],
  ["tls.crt is 5 MiB", (dir) => writeFileSync(join(dir, FOLDER, "tls.crt"), Buffer.alloc(5 << 20, "-"))],
  [
    "tls.key is a folder",
    (dir) => {
      rmSync(join(dir, FOLDER, "tls.key"));
      mkdirSync(join(dir, FOLDER, "tls.key"));
    },
  ],
  [
    "the folder is a file",
    (dir) => {
      rmSync(join(dir, FOLDER), { recursive: true });
      writeFileSync(join(dir, FOLDER), "mine");
    },
  ],
  [
    "the folder is a link to nowhere",
    (dir) => {
      rmSync(join(dir, FOLDER), { recursive: true });
      symlinkSync(join(dir, "nowhere"), join(dir, FOLDER));
    },
  ],
])("issues another when %s", async (_, spoil) => {
  const dir = scratch();
  const first = await issued(dir);
  spoil(dir, first);
  const second = await open(dir).ensure(WANTED, NOW);
  expect(second.fingerprint256).not.toBe(first.fingerprint256);
  expect(second.warning).toBeUndefined();
  expect(read(dir, `${FOLDER}/tls.key`)).toBe(second.keyPem);
  expect(read(dir, `${FOLDER}/tls.crt`)).toBe(second.certPem);
});

test.skipIf(WINDOWS)("does not hang on a FIFO", async () => {
  const dir = scratch();
  await issued(dir);
  rmSync(join(dir, FOLDER, "tls.key"));
  execFileSync("mkfifo", [join(dir, FOLDER, "tls.key")]);
  const second = await open(dir).ensure(WANTED, NOW);
  expect(read(dir, `${FOLDER}/tls.key`)).toBe(second.keyPem);
});

test.skipIf(WINDOWS).each([["644"], ["640"], ["604"], ["660"]])(
  "a key of mode %s is not used again, and that is said",
  async (mode) => {
    const dir = scratch();
    const first = await issued(dir);
    chmodSync(join(dir, FOLDER, "tls.key"), Number.parseInt(mode, 8));
    const second = await open(dir).ensure(WANTED, NOW);
    expect(second.fingerprint256).not.toBe(first.fingerprint256);
    expect(second.keyPem).not.toBe(first.keyPem);
    expect(second.warning?.code).toBe("certs-key-exposed");
    expect(statSync(join(dir, FOLDER, "tls.key")).mode & 0o777).toBe(0o600);
  },
);

test("leaves other files of the folder alone when it replaces the pair", async () => {
  const dir = scratch();
  await issued(dir);
  writeFileSync(join(dir, FOLDER, "notes.txt"), "mine");
  await open(dir).ensure(WANTED, inDays(400));
  expect(read(dir, `${FOLDER}/notes.txt`)).toBe("mine");
  expect(readdirSync(join(dir, "default"))).toEqual(["my-ssl"]);
});

test("clears up after a writer that was killed, and not after one that lives", async () => {
  const dir = scratch();
  const { pid } = await new Promise<{ pid: number }>((resolve) => {
    const child = execFile(process.execPath, ["-e", ""], () => resolve({ pid: child.pid ?? 0 }));
  });
  const [dead, alive] = [`.new-${pid}-00`, `.new-${process.pid}-00`];
  for (const name of [dead, alive]) mkdirSync(join(dir, "default", name), { recursive: true });
  await issued(dir);
  expect(readdirSync(join(dir, "default")).sort()).toEqual([alive, "my-ssl"]);
});

test.each<[string, (dir: string) => string]>([
  [
    "is a file",
    (dir) => {
      writeFileSync(join(dir, "certs"), "");
      return join(dir, "certs");
    },
  ],
  [
    "is below a file",
    (dir) => {
      writeFileSync(join(dir, "file"), "");
      return join(dir, "file", "certs");
    },
  ],
  ["has a name too long", (dir) => join(dir, "x".repeat(300))],
  ["is on a file system that takes no files", () => "/proc/ingress-dev"],
])("where DIR %s, certificates are held in memory, with a warning", async (_, make) => {
  const stored = await issued(make(scratch()));
  expect(readPair(stored.certPem, stored.keyPem)).toMatchObject({ altNames: WANTED.hosts });
  expect(stored).toMatchObject({ path: undefined, warning: { code: "certs-not-stored" } });
});

test.skipIf(WINDOWS || ROOT)(
  "where DIR is read-only, certificates are held in memory, with a warning",
  async () => {
    const dir = scratch();
    chmodSync(dir, 0o500);
    expect(await issued(dir)).toMatchObject({ path: undefined, warning: { code: "certs-not-stored" } });
    chmodSync(dir, 0o700);
  },
);

test.each([
  ["default", "../../etc"],
  ["default", ".."],
  ["..", "a"],
  ["default", "a/b"],
  ["default", "a\\b"],
  ["default", "C:"],
  ["default", "a\0b"],
  ["_fake", "ingress.local"],
])("namespace %j and Secret %j lead nowhere", async (namespace, secretName) => {
  const dir = join(scratch(), "certs");
  const promise = open(dir).ensure({ ...WANTED, namespace, secretName }, NOW);
  await expect(promise).rejects.toMatchObject({ code: "bad-secret-name" });
  expect(existsSync(dir)).toBe(false);
});

test("a host that no certificate can name is refused", async () => {
  const promise = open(scratch()).ensure({ ...WANTED, hosts: ["a b.test"] }, NOW);
  await expect(promise).rejects.toMatchObject({ code: "bad-certificate-host" });
});

test.each([
  ["all for the same hosts", [["a.test"], ["a.test"], ["a.test"], ["a.test"]]],
  ["each for others", [["a.test"], ["b.test"], ["a.test", "b.test"], ["c.test"]]],
])("processes that start at once never mix a key with another's certificate: %s", async (_, wishes) => {
  const dir = scratch();
  const old = await openStore(dir).ensure(
    { namespace: "default", secretName: "shared", hosts: ["old.test"] },
    NOW,
  );
  const script = built(join(import.meta.dirname, "support", "ensure.ts"));
  const run = promisify(execFile);
  const runs = wishes.map((hosts) => run(process.execPath, [script, dir, ...hosts]));
  const ends = (await Promise.all(runs)).map(({ stdout }) => JSON.parse(stdout));
  expect(ends.map(({ warning }) => warning)).toEqual(ends.map(() => null));
  const pair = readPair(read(dir, "default/shared/tls.crt"), read(dir, "default/shared/tls.key"));
  if ("why" in pair) expect.unreachable(pair.why);
  else expect(ends.map(({ fingerprint }) => fingerprint)).toContain(pair.fingerprint256);
  expect(JSON.stringify(ends)).not.toContain(old.fingerprint256);
  expect(readdirSync(join(dir, "default"))).toEqual(["shared"]);
});

test("lists what is stored, by name, and what it cannot read apart", async () => {
  const dir = scratch();
  const store = open(dir);
  expect(await store.list()).toEqual([]);
  const b = await store.ensure({ namespace: "team", secretName: "b", hosts: ["b.test"] }, NOW);
  const a = await store.ensure({ namespace: "default", secretName: "a", hosts: ["a.test"] }, NOW);
  const fake = await store.ensureFake(NOW);
  mkdirSync(join(dir, "default", "broken"));
  writeFileSync(join(dir, "default", "broken", "tls.crt"), "");
  mkdirSync(join(dir, "default", "empty"));
  expect(await store.list()).toEqual([fake, a, b]);
  expect(await store.unusable()).toEqual([
    { path: join(dir, "default", "broken"), why: expect.stringMatching(/^tls\.key cannot be read: ENOENT/) },
  ]);
});

test.skipIf(NO_OPENSSL)("a pair that somebody else made and put there is used like our own", async () => {
  const dir = scratch();
  const theirs = realPair(["mine.test"], EC);
  mkdirSync(join(dir, FOLDER), { recursive: true });
  writeFileSync(join(dir, FOLDER, "tls.crt"), theirs.cert);
  writeFileSync(join(dir, FOLDER, "tls.key"), theirs.key, { mode: 0o600 });
  const stored = await open(dir).ensure({ ...WANTED, hosts: ["mine.test"] }, new Date());
  expect(stored.certPem).toBe(theirs.cert);
});
