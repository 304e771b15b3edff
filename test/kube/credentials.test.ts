import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { describe, expect, test } from "vitest";
import { connection, httpServer, httpsServer, pair, scratch } from "./support.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("the Authorization header", () => {
  const folderToken = "from a file\n";
  test.each<[string, object, string | undefined]>([
    ["nothing", {}, undefined],
    ["a token", { token: "t" }, "Bearer t"],
    ["a token file goes before a token", { token: "t", tokenFile: "token" }, "Bearer from a file"],
    ["a token file that is not there leaves the token", { token: "t", tokenFile: "none" }, "Bearer t"],
    ["name and password", { username: "jane", password: "p:ä" }, `Basic ${base64("jane:p:ä")}`],
    ["a name alone", { username: "jane" }, `Basic ${base64("jane:")}`],
    ["a token goes before name and password", { token: "t", username: "jane", password: "p" }, "Bearer t"],
  ])("%s", async (_what, user, expected) => {
    const folder = scratch();
    writeFileSync(join(folder, "token"), folderToken);
    let seen: string | undefined;
    const { port } = await httpServer((request, response) => {
      seen = request.headers.authorization;
      response.end();
    });
    const tokenFile = "tokenFile" in user ? { tokenFile: join(folder, String(user.tokenFile)) } : {};
    const { connection: api } = await connection(
      { server: `http://127.0.0.1:${port}` },
      { ...user, ...tokenFile },
    );
    await api.request("/");
    expect(seen).toBe(expected);
  });
});

describe("certificates", () => {
  test("from files, from data, and data before files", async () => {
    const [own, client, other] = [await pair("api.test"), await pair("jane"), await pair("other")];
    const tls = { ...own, ca: [client.cert, other.cert], requestCert: true, rejectUnauthorized: true };
    const { port } = await httpsServer(tls, (request, response) =>
      response.end((request.socket as TLSSocket).getPeerCertificate().subject.CN),
    );
    const folder = scratch();
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const [ca, cert, key] = [file("ca", own.cert), file("cert", client.cert), file("key", client.key)];
    const server = { server: `https://127.0.0.1:${port}`, "tls-server-name": "api.test" };
    const files = { "client-certificate": cert, "client-key": key };
    const data = (one: typeof client) => ({
      "client-certificate-data": base64(one.cert),
      "client-key-data": base64(one.key),
    });
    const cases: readonly [object, object, string][] = [
      [{ "certificate-authority": ca }, files, "jane"],
      [{ "certificate-authority-data": base64(own.cert) }, data(client), "jane"],
      [
        { "certificate-authority": cert, "certificate-authority-data": base64(own.cert) },
        { ...files, ...data(other) },
        "other",
      ],
    ];
    for (const [cluster, user, expected] of cases) {
      const { connection: api } = await connection({ ...server, ...cluster }, user);
      expect(await (await api.request("/")).text()).toBe(expected);
    }
  });

  test("a file that was written anew is read again", async () => {
    const [first, second] = [await pair("first"), await pair("second")];
    const tls = { ...(await pair("api.test")), ca: [first.cert, second.cert], requestCert: true };
    const { port } = await httpsServer(tls, (request, response) =>
      response.end((request.socket as TLSSocket).getPeerCertificate().subject.CN),
    );
    const folder = scratch();
    const write = ({ cert, key }: typeof first) => {
      writeFileSync(join(folder, "c"), cert);
      writeFileSync(join(folder, "k"), key);
    };
    write(first);
    let time = 0;
    const { connection: api } = await connection(
      { server: `https://127.0.0.1:${port}`, "insecure-skip-tls-verify": true },
      { "client-certificate": join(folder, "c"), "client-key": join(folder, "k") },
      { now: () => time, limits: { filesMs: 60_000 } },
    );
    expect(await (await api.request("/")).text()).toBe("first");
    write(second);
    time = 60_000;
    expect(await (await api.request("/")).text()).toBe("second");
  });
});

test.each([
  ["gcp", "gke-gcloud-auth-plugin"],
  ["azure", "kubelogin"],
])("the auth-provider %s is gone, and %s is what takes its place", async (name, instead) => {
  const { connection: api } = await connection(
    { server: "http://127.0.0.1:1" },
    { "auth-provider": { name, config: {} } },
  );
  await expect(api.request("/")).rejects.toMatchObject({
    code: "cluster-credentials",
    message: `The ${name} auth plugin of user "u" has been removed from Kubernetes.`,
    fix: `Use the ${instead} credential plugin, as kubectl needs it too.`,
  });
});
