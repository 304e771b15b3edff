import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { certificateRows } from "../../certs/list.ts";
import { openStore } from "../../certs/store.ts";
import { NO_OPENSSL, openssl, RSA, realPair, scratch, secret, tlsSecret, write } from "./support/fixtures.ts";

test.skipIf(NO_OPENSSL)(
  "certs list has a row for every Secret with a certificate and every stored one",
  async () => {
    const dir = scratch();
    const store = openStore(dir);
    const now = new Date("2030-01-01T00:00:00Z");
    await store.ensure({ namespace: "default", secretName: "mine", hosts: ["a.test", "127.0.0.1"] }, now);
    await store.ensure({ namespace: "default", secretName: "written", hosts: ["hidden.test"] }, now);
    await store.ensureFake(now);
    const pair = realPair([], RSA, "-subj", "/CN=my-ssl");
    const secrets = [secret("password", { password: "x" }, "Opaque"), tlsSecret("written", pair)];
    const rows = certificateRows(await store.list(), secrets);
    expect(
      rows.map(({ namespace, secret: name, hosts, from, path }) => [namespace, name, hosts, from, path]),
    ).toEqual([
      ["default", "written", ["my-ssl"], "Secret", "secrets.yaml:3"],
      ["_fake", "ingress.local", ["ingress.local"], "fake", join(dir, "_fake/ingress.local/tls.crt")],
      ["default", "mine", ["a.test", "127.0.0.1"], "issued", join(dir, "default/mine/tls.crt")],
    ]);
    expect(rows[2]?.notAfter).toBe("2031-01-01T00:00:00.000Z");
    expect(rows[0]?.notAfter).toBe(new Date(new X509Certificate(pair.cert).validTo).toISOString());
    write(dir, "c.pem", pair.cert);
    const said = openssl(dir, "x509", "-in", "c.pem", "-noout", "-fingerprint", "-sha256").trim();
    expect(said).toBe(`sha256 Fingerprint=${rows[0]?.fingerprint256}`);
  },
);
