import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { connect, createSecureContext, type SecureVersion, type TLSSocket } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { createContexts } from "../../certs/contexts.ts";
import type { TlsTerms } from "../../src/model/tls/server-tls.ts";
import { EC, NO_OPENSSL, RSA, realPair } from "./support/fixtures.ts";
import { serveTls } from "./support/handshake.ts";

/** The controller's ciphers that a server can speak without parameters for DHE. */
const TAKEN = {
  rsa: ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305"],
  ec: ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"],
} as const;

/** Every cipher of TLS 1.2 and older that OpenSSL has, safe or not. */
function everyCipher(): readonly string[] {
  if (NO_OPENSSL) return [];
  const list = execFileSync("openssl", ["ciphers", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"], { encoding: "utf8" });
  return list
    .trim()
    .split(":")
    .filter((name) => !name.startsWith("TLS_"));
}

interface Offer {
  readonly ciphers?: string;
  readonly version?: SecureVersion;
}

/** The connection of a client that offers this cipher alone; `undefined` where client and server do not agree. */
async function agreed(
  port: number,
  { ciphers = "ALL", version = "TLSv1.2" }: Offer,
): Promise<TLSSocket | undefined> {
  const secureContext = createSecureContext({
    ciphers: `${ciphers}:@SECLEVEL=0`,
    minVersion: version,
    maxVersion: version,
  });
  const socket = connect({
    port,
    host: "127.0.0.1",
    servername: "a.test",
    rejectUnauthorized: false,
    secureContext,
  });
  onTestFinished(() => void socket.destroy());
  return once(socket, "secureConnect").then(
    () => socket,
    () => undefined,
  );
}

async function serving(keys: keyof typeof TAKEN, terms?: TlsTerms): Promise<number> {
  const { cert, key } = realPair(["a.test"], keys === "rsa" ? RSA : EC);
  const contexts = createContexts({ certPem: cert, keyPem: key });
  return serveTls(() => contexts(terms));
}

describe.skipIf(NO_OPENSSL)("how TLS is spoken where nobody says otherwise", () => {
  test.each([
    "rsa",
    "ec",
  ] as const)("with a key of %s the controller's ciphers are taken, and no other", async (keys) => {
    const port = await serving(keys);
    const every = everyCipher();
    expect(every.length).toBeGreaterThan(60);
    const taken: string[] = [];
    for (const ciphers of every) {
      const socket = await agreed(port, { ciphers });
      if (socket !== undefined) taken.push(socket.getCipher().name);
      socket?.destroy();
    }
    expect(taken.sort()).toEqual([...TAKEN[keys]].sort());
  });

  test.each([
    ["TLSv1", undefined],
    ["TLSv1.1", undefined],
    ["TLSv1.2", "TLSv1.2"],
    ["TLSv1.3", "TLSv1.3"],
  ] as const)("%s: %s", async (version, expected) => {
    const socket = await agreed(await serving("rsa"), { version });
    expect(socket?.getProtocol() ?? undefined).toBe(expected);
  });

  test("the server's order counts, and there is no session ticket", async () => {
    const port = await serving("rsa");
    const socket = await agreed(port, { ciphers: [...TAKEN.rsa].reverse().join(":") });
    expect(socket?.getCipher().name).toBe(TAKEN.rsa[0]);
    expect(socket?.getTLSTicket()).toBeUndefined();
  });

  test("ssl-ciphers of a host takes the place of the list, whatever OpenSSL thinks of it", async () => {
    const port = await serving("rsa", { ciphers: "AES128-SHA:@SECLEVEL=0" });
    expect((await agreed(port, { ciphers: "AES128-SHA" }))?.getCipher().name).toBe("AES128-SHA");
    expect(await agreed(port, { ciphers: TAKEN.rsa[0] })).toBeUndefined();
    expect((await agreed(port, { version: "TLSv1.3" }))?.getProtocol()).toBe("TLSv1.3");
  });

  test.each([
    [["TLSv1.3"], [undefined, "TLSv1.3"]],
    [["TLSv1.2"], ["TLSv1.2", undefined]],
    [
      ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"],
      ["TLSv1.2", "TLSv1.3"],
    ],
  ] as const)("ssl-protocols %j", async (protocols, expected) => {
    const port = await serving("rsa", { protocols });
    for (const [i, version] of (["TLSv1.2", "TLSv1.3"] as const).entries())
      expect((await agreed(port, { version }))?.getProtocol() ?? undefined).toBe(expected[i]);
    const socket = await agreed(port, { ciphers: TAKEN.rsa.join(":") });
    expect(socket?.getTLSTicket()).toBeUndefined();
  });

  test("ssl-ecdh-curve", async () => {
    const port = await serving("rsa", { curves: "secp384r1" });
    const socket = await agreed(port, {});
    expect(socket?.getEphemeralKeyInfo()).toMatchObject({ name: "secp384r1" });
  });

  test("ssl-prefer-server-ciphers false lets the client choose", async () => {
    const port = await serving("rsa", { serverCipherOrder: false });
    const socket = await agreed(port, { ciphers: [...TAKEN.rsa].reverse().join(":") });
    expect(socket?.getCipher().name).toBe(TAKEN.rsa[2]);
  });
});
