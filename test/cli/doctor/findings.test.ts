import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { issueCertificate } from "../../../certs/issue.ts";
import { newRsaKeyPair } from "../../../certs/keys.ts";
import { clockFindings, type RecordedTime } from "../../../src/cli/doctor/clock.ts";
import { type Finding, findingLines } from "../../../src/cli/doctor/finding.ts";
import { hostsFileFindings } from "../../../src/cli/doctor/hosts-file.ts";
import { nameFindings } from "../../../src/cli/doctor/names.ts";
import { portFindings } from "../../../src/cli/doctor/ports.ts";
import { bundleTrust } from "../../../src/cli/doctor/trust.ts";
import { openHosts } from "../../../src/hosts/file.ts";
import { currentOwner } from "../../../src/hosts/owner.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-doctor-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inShort = ({ state, message }: Finding) => `${state} ${message}`;

const NOW = new Date("2026-06-01T12:00:00Z");
const at = (iso: string, should: RecordedTime["should"]): RecordedTime => ({
  who: "The witness",
  at: new Date(iso),
  should,
});

test.each<[string, RecordedTime, string]>([
  [
    "a past moment",
    at("2026-05-01T00:00:00Z", "past"),
    "ok 2026-06-01T12:00:00.000Z: nothing contradicts it.",
  ],
  [
    "within a minute",
    at("2026-06-01T12:00:30Z", "past"),
    "ok 2026-06-01T12:00:00.000Z: nothing contradicts it.",
  ],
  [
    "a future one",
    at("2026-06-01T12:10:00Z", "past"),
    "warning The witness is 10 min ahead of this computer's clock.",
  ],
  [
    "days ahead",
    at("2026-06-09T12:00:00Z", "past"),
    "warning The witness is 8 days ahead of this computer's clock.",
  ],
  [
    "a clock that is behind",
    at("2026-06-01T09:00:00Z", "now"),
    "warning The witness is 3 h behind this computer's clock.",
  ],
  [
    "a clock that agrees",
    at("2026-06-01T11:59:30Z", "now"),
    "ok 2026-06-01T12:00:00.000Z: nothing contradicts it.",
  ],
])("clock: %s", (_, witness, line) => expect(clockFindings(NOW, [witness]).map(inShort)).toEqual([line]));

const ADDRESSES: ReadonlyMap<string, readonly string[]> = new Map([
  ["here.test", ["127.0.0.1", "::1"]],
  ["elsewhere.test", ["93.184.216.34"]],
  ["both.test", ["127.0.0.1", "93.184.216.34"]],
]);

test("names: where each host leads", async () => {
  const lookup = async (host: string) => {
    const found = ADDRESSES.get(host);
    if (found === undefined) throw new Error("ENOTFOUND");
    return found;
  };
  const hosts = ["here.test", "nowhere.test", "elsewhere.test", "both.test", "*.wild.test"];
  expect((await nameFindings(hosts, lookup, 31000)).map(inShort)).toEqual([
    "ok here.test: this computer.",
    "ok nowhere.test: no address yet.",
    "warning elsewhere.test leads to 93.184.216.34, not to this computer.",
    "warning both.test leads to 127.0.0.1, 93.184.216.34, not to this computer.",
  ]);
});

test("names: a few are looked up, the rest is counted", async () => {
  const hosts = Array.from({ length: 23 }, (_, index) => `h${index}.test`);
  const findings = await nameFindings(hosts, async () => ["127.0.0.1"], 31000);
  expect(findings.map(inShort).at(-1)).toBe("ok 3 more hosts were not looked up.");
});

test("ports: free, picked, taken by another program, open to the network", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const address = taken.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const findings = await portFindings({ bind: "127.0.0.1", httpPort: port, httpsPort: 0 });
  taken.close();
  expect(findings.map(({ state }) => state)).toEqual(["error", "ok"]);
  expect(findings[0]?.message).toContain(`Port 127.0.0.1:${port} is already taken by`);
  expect(findings[0]?.next).toContain("--http-port 0 picks a free one");
  expect((await portFindings({ bind: "0.0.0.0", httpPort: 0, httpsPort: 0 })).map(inShort)[0]).toBe(
    "warning --bind 0.0.0.0 opens the listeners to everybody who can reach this computer.",
  );
});

test("hosts file: lines of one that runs, and of one that is gone", async () => {
  const file = join(folder, "hosts");
  writeFileSync(file, "127.0.0.1 localhost\n");
  const gone = { pid: 999_999_999, started: "1", boot: "gone" };
  await openHosts({ file, addresses: ["127.0.0.1"], owner: currentOwner() }).sync(["a.test"]);
  const [writable, running] = await hostsFileFindings(file, [], 21100);
  expect(writable?.state).toBe("ok");
  expect(running?.message).toBe(`${file} has 1 line of ingress-dev up (pid ${process.pid}), which runs.`);
  await openHosts({ file, addresses: ["127.0.0.1"], owner: currentOwner() }).clear();
  await openHosts({ file, addresses: ["127.0.0.1"], owner: gone }).sync(["a.test", "b.test"]);
  expect((await hostsFileFindings(file, [], 21100)).map(inShort)[1]).toBe(
    `warning ${file} has 2 lines of an ingress-dev that no longer runs.`,
  );
});

test("hosts file: lines of the user's that are in the way, and what cannot be written", async () => {
  const file = join(folder, "hosts");
  writeFileSync(file, "127.0.0.1 localhost\n10.0.0.1 shop.test\n");
  const findings = await hostsFileFindings(file, ["shop.test", "*.wild.test", "fine.test"], 21100);
  expect(findings.map(({ state }) => state)).toEqual(["ok", "warning", "warning"]);
  expect(findings[1]?.next).toContain("curl --resolve HOST:21100:127.0.0.1 http://HOST:21100/");
  expect(findings.map(({ message }) => message).join("\n")).toMatch(
    /can be written\.\n\*\.wild\.test is not written: .*\nshop\.test is not written: .*:2 sends it to 10\.0\.0\.1/,
  );
});

test("hosts file: a folder in its place, a place where none can be made", async () => {
  expect((await hostsFileFindings(folder, [], 21100)).map(({ state }) => state)).toEqual(["error"]);
  const missing = join(folder, "no", "such", "hosts");
  expect((await hostsFileFindings(missing, [], 21100)).map(inShort)).toEqual([
    `warning ${missing} cannot be written by you.`,
  ]);
});

test("trust: a certificate is trusted when a bundle holds it", async () => {
  const keyPair = await newRsaKeyPair();
  const { certPem: one } = await issueCertificate({
    commonName: "a.test",
    hosts: ["a.test"],
    keyPair,
    now: NOW,
  });
  const bundle = join(folder, "bundle.pem");
  expect(await bundleTrust(one, [bundle])).toBe("unknown");
  writeFileSync(bundle, "# nothing\n");
  expect(await bundleTrust(one, [join(folder, "absent"), bundle])).toBe("untrusted");
  writeFileSync(bundle, `# ours\n${one.replaceAll("\n", "\r\n")}`);
  expect(await bundleTrust(one, [bundle])).toBe("trusted");
});

test("a finding is a line, and its next step another; control characters are shown, not sent", () => {
  const finding: Finding = { check: "names", state: "warning", message: "a\x1b[2Jb", next: "do this" };
  expect(findingLines(finding, "never")).toEqual([
    "warning  names         a\\x1b[2Jb",
    "                       → do this",
  ]);
});
