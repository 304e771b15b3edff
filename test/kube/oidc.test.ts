import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Answer, idToken, oidcProvider, type TestProvider } from "./oidc-provider.ts";
import { connectProxy } from "./proxies.ts";
import { connection, connectTo, httpServer, scratch, silentServer } from "./support.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const HOUR = 3_600_000;

/** An API server that records Authorization headers, and answers 401 to bad ones. */
async function apiServer(isGood: (authorization: string | undefined) => boolean = () => true) {
  const seen: (string | undefined)[] = [];
  const { port } = await httpServer(({ headers: { authorization } }, response) => {
    seen.push(authorization);
    response.writeHead(isGood(authorization) ? 200 : 401).end();
  });
  return { cluster: { server: `http://127.0.0.1:${port}` }, seen };
}

/** A user of the provider with an expired token; `undefined` removes a field. */
function userOf({ issuer, cert }: TestProvider, config: Readonly<Record<string, string | undefined>> = {}) {
  return {
    "auth-provider": {
      name: "oidc",
      config: {
        "idp-issuer-url": issuer,
        "idp-certificate-authority-data": base64(cert),
        "client-id": "kubernetes",
        "client-secret": "secret",
        "id-token": idToken(0),
        "refresh-token": "r1",
        ...config,
      },
    },
  };
}

const DISCOVERY = "GET /realm/.well-known/openid-configuration";
const posted = (authorization: string, refreshToken: string, more = "") =>
  `POST /token ${authorization} grant_type=refresh_token&refresh_token=${refreshToken}${more}`;
const BASIC = `Basic ${base64("kubernetes:secret")}`;

describe("an id-token", () => {
  test("that has not expired is used as it is, and the provider is not asked", async () => {
    const provider = await oidcProvider();
    const { cluster, seen } = await apiServer();
    const token = idToken(Date.now() + HOUR);
    const user = userOf(provider, { "id-token": token, "refresh-token": undefined });
    const { connection: api } = await connection(cluster, user);
    await api.request("/");
    expect([seen, provider.asked]).toEqual([[`Bearer ${token}`], []]);
  });

  test.each<[string, string | undefined]>([
    ["that has expired", idToken(Date.now() - 1)],
    ["that expires in 9 s", idToken(Date.now() + 9_000)],
    ["without exp", `e30.${Buffer.from("{}").toString("base64url")}.x`],
    ["that is not there", undefined],
  ])("%s is renewed", async (_what, old) => {
    const provider = await oidcProvider();
    const next = idToken(Date.now() + HOUR, "renewed");
    provider.answers.token = () => [200, { id_token: next }];
    const { cluster, seen } = await apiServer();
    const { connection: api } = await connection(cluster, userOf(provider, { "id-token": old }));
    await api.request("/");
    expect(seen).toEqual([`Bearer ${next}`]);
    expect(provider.asked).toEqual([DISCOVERY, posted(BASIC, "r1")]);
  });

  test("is renewed once for requests at one time", async () => {
    const provider = await oidcProvider();
    const { cluster } = await apiServer();
    const { connection: api } = await connection(cluster, userOf(provider));
    await Promise.all(Array.from({ length: 10 }, () => api.request("/")));
    expect(provider.asked.length).toBe(2);
  });

  test.each<[string, object]>([
    ["a token", { token: "t" }],
    ["a token file", { tokenFile: "/nowhere", token: "t" }],
  ])("is not asked for beside %s", async (_what, more) => {
    const provider = await oidcProvider();
    const { cluster, seen } = await apiServer();
    const { connection: api } = await connection(cluster, { ...userOf(provider), ...more });
    await api.request("/");
    expect([seen, provider.asked]).toEqual([["Bearer t"], []]);
  });
});

describe("tokens over time", () => {
  test("the newest refresh token is used, until the kubeconfig has another", async () => {
    const provider = await oidcProvider();
    let time = 0;
    let count = 1;
    const { cluster, seen } = await apiServer();
    provider.answers.token = () => {
      count += 1;
      return [200, { id_token: idToken(time + 60_000, `t${count}`), refresh_token: `r${count}` }];
    };
    const options = { now: () => time, limits: { filesMs: 1_000 } };
    const { connection: api, rewrite } = await connection(cluster, userOf(provider), options);
    for (time of [0, 49_999, 50_000, 200_000]) await api.request("/");
    const used = provider.asked
      .filter((line) => line.startsWith("POST"))
      .map((line) => /r\d+$/.exec(line)?.[0]);
    expect(used).toEqual(["r1", "r2", "r3"]);
    expect(seen[1]).toBe(seen[0]);
    rewrite(cluster, userOf(provider, { "refresh-token": "r100" }));
    time = 400_000;
    await api.request("/");
    expect(provider.asked.at(-1)).toBe(posted(BASIC, "r100"));
  });

  test("another refresh token is written to the kubeconfig, which stays as it is for the rest", async () => {
    const provider = await oidcProvider();
    const [old, next] = [idToken(0), idToken(Date.now() + HOUR)];
    provider.answers.token = () => [200, { id_token: next, refresh_token: 'r2"' }];
    const config = {
      "idp-issuer-url": provider.issuer,
      "idp-certificate-authority-data": base64(provider.cert),
      "client-id": "kubernetes",
    };
    const { cluster } = await apiServer();
    const text = (id: string, refresh: string) => `# mine
clusters: [{ name: c, cluster: ${JSON.stringify(cluster)} }]
contexts: [{ name: minikube, context: { cluster: c, user: u } }]
current-context: minikube
users:
  - { name: other, user: { token: r1 } }
  - name: u
    user:
      auth-provider:
        name: oidc
        config: # of the login
          ${Object.entries(config)
            .map(([key, value]) => `${key}: ${value}`)
            .join("\n          ")}
          id-token: ${id} # short
          refresh-token:   ${refresh}
`;
    const folder = scratch();
    const [file, link] = [join(folder, "config"), join(folder, "link")];
    writeFileSync(file, text(old, "r1"), { mode: 0o600 });
    symlinkSync(file, link);
    expect((await (await connectTo(link)).request("/")).status).toBe(200);
    expect(readFileSync(file, "utf8")).toBe(text(JSON.stringify(next), JSON.stringify('r2"')));
    expect([statSync(file).mode & 0o777, readdirSync(folder)]).toEqual([0o600, ["config", "link"]]);
    // Another program reads the new tokens.
    expect((await (await connectTo(link)).request("/")).status).toBe(200);
    expect(provider.asked.filter((line) => line.startsWith("POST")).length).toBe(1);
  });

  test("a kubeconfig that cannot be written is said once; the new tokens are used", async () => {
    const provider = await oidcProvider();
    provider.answers.token = () => [200, { id_token: idToken(Date.now() + HOUR), refresh_token: "r2" }];
    const { cluster } = await apiServer();
    const { connection: api, file } = await connection(cluster, userOf(provider));
    writeFileSync(`${file}.lock`, "");
    await expect(api.request("/")).rejects.toThrow(
      `the provider gave another refresh-token, which cannot be written to ${file}: EEXIST.`,
    );
    expect((await api.request("/")).status).toBe(200);
    expect(readFileSync(file, "utf8")).toContain('"r1"');
  });

  test("401 keeps the newest refresh token", async () => {
    const provider = await oidcProvider();
    let time = 0;
    let good = false;
    provider.answers.token = (body) => {
      if (body.get("refresh_token") === "used") return [400, { error: "invalid_grant" }];
      return [200, { id_token: idToken(time + 60_000), refresh_token: "r2" }];
    };
    const { cluster } = await apiServer(() => good);
    const { connection: api } = await connection(cluster, userOf(provider), { now: () => time });
    expect((await api.request("/")).status).toBe(401);
    good = true;
    time = 60_000;
    expect((await api.request("/")).status).toBe(200);
    const used = provider.asked.filter((line) => line.startsWith("POST"));
    expect(used).toEqual([posted(BASIC, "r1"), posted(BASIC, "r2")]);
  });
});

describe("the client's secret", () => {
  test.each<[string, Record<string, string | undefined>, string]>([
    [
      "is form-encoded",
      { "client-id": "a:b c", "client-secret": "ü%" },
      `Basic ${base64("a%3Ab+c:%C3%BC%25")}`,
    ],
    ["may be none", { "client-secret": undefined }, `Basic ${base64("kubernetes:")}`],
  ])("%s", async (_what, config, authorization) => {
    const provider = await oidcProvider();
    const { connection: api } = await connection((await apiServer()).cluster, userOf(provider, config));
    await api.request("/");
    expect(provider.asked.at(-1)).toBe(posted(authorization, "r1"));
  });

  test.each<[string, Record<string, string | undefined>, string]>([
    ["with its secret", {}, "&client_id=kubernetes&client_secret=secret"],
    ["without a secret", { "client-secret": undefined }, "&client_id=kubernetes"],
  ])("%s, the client is named in the body for a provider that takes no header", async (_what, config, more) => {
    const provider = await oidcProvider();
    provider.answers.token = (body): Answer =>
      body.has("client_id")
        ? [200, { id_token: idToken(Date.now() + HOUR) }]
        : [401, { error: "invalid_client" }];
    const { connection: api } = await connection((await apiServer()).cluster, userOf(provider, config));
    expect((await api.request("/")).status).toBe(200);
    expect(provider.asked.at(-1)).toBe(posted("undefined", "r1", more));
  });
});

describe("the provider's certificate", () => {
  test("is trusted by a file; without an authority of its own it is not", async () => {
    const provider = await oidcProvider();
    const file = join(scratch(), "ca.crt");
    writeFileSync(file, provider.cert);
    const { cluster } = await apiServer();
    const none = { "idp-certificate-authority-data": undefined };
    const { connection: good } = await connection(
      cluster,
      userOf(provider, { ...none, "idp-certificate-authority": file }),
    );
    expect((await good.request("/")).status).toBe(200);
    const { connection: bad } = await connection(cluster, userOf(provider, none));
    await expect(bad.request("/")).rejects.toThrow("self-signed certificate");
  });

  test("and its name count through the proxy of the environment as well", async () => {
    const [provider, proxy] = [await oidcProvider("idp.test"), await connectProxy()];
    const env = {
      HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
      https_proxy: "",
      NO_PROXY: "",
      no_proxy: "",
    };
    const { connection: api } = await connection((await apiServer()).cluster, userOf(provider), { env });
    expect((await api.request("/")).status).toBe(200);
    expect(proxy.asked).toEqual([`idp.test:${provider.port}`, `idp.test:${provider.port}`]);
  });
});

describe("what cannot be renewed is said", () => {
  test.each<[string, Record<string, string | undefined>, string]>([
    [
      "no refresh token",
      { "refresh-token": undefined },
      "the id-token has expired, and there is no refresh-token.",
    ],
    ["no issuer", { "idp-issuer-url": undefined }, "the auth-provider has no idp-issuer-url."],
    ["no client", { "client-id": undefined }, "the auth-provider has no client-id."],
    ["no token", { "id-token": "opaque" }, "the id-token is not a JSON Web Token."],
    ["no claims", { "id-token": "a.b.c" }, "the claims of the id-token are not JSON."],
    [
      "a file that is not there",
      { "idp-certificate-authority": "/nowhere/ca", "idp-certificate-authority-data": undefined },
      "ENOENT",
    ],
  ])("%s", async (_what, config, reason) => {
    const provider = await oidcProvider();
    const { connection: api } = await connection((await apiServer()).cluster, userOf(provider, config));
    const message = expect.stringContaining(`The credentials of user "u" cannot be used: ${reason}`);
    await expect(api.request("/")).rejects.toMatchObject({ code: "cluster-credentials", message });
    expect(provider.asked).toEqual([]);
  });

  test.each<[string, Partial<{ discovery: Answer; token: Answer }>, string]>([
    [
      "no discovery",
      { discovery: [404, "not here"] },
      "/realm/.well-known/openid-configuration answered 404: not here.",
    ],
    ["a page", { discovery: [200, "<html>"] }, "openid-configuration answered something that is not JSON."],
    ["no endpoint", { discovery: [200, {}] }, "openid-configuration names no token_endpoint."],
    [
      "a refresh token that is used up",
      { token: [400, { error: "invalid_grant", error_description: "Session not active" }] },
      "/token answered 400: invalid_grant: Session not active.",
    ],
    ["no id-token in the answer", { token: [200, { access_token: "a" }] }, "/token gave no id_token."],
  ])("%s", async (_what, { discovery, token }, reason) => {
    const provider = await oidcProvider();
    if (discovery !== undefined) provider.answers.discovery = discovery;
    if (token !== undefined) provider.answers.token = () => token;
    const { connection: api } = await connection((await apiServer()).cluster, userOf(provider));
    const message = expect.stringContaining(reason);
    await expect(api.request("/")).rejects.toMatchObject({ code: "cluster-credentials", message });
  });

  test("a provider that says nothing is not waited for", async () => {
    const { port } = await silentServer();
    const provider = { ...(await oidcProvider()), issuer: `https://127.0.0.1:${port}` };
    const limits = { connectMs: 50 };
    const { connection: api } = await connection((await apiServer()).cluster, userOf(provider), { limits });
    await expect(api.request("/")).rejects.toThrow(
      `https://127.0.0.1:${port} could not be reached within 0.05 s`,
    );
  });

  test("a provider that kubectl does not know", async () => {
    const user = { "auth-provider": { name: "openstack", config: {} } };
    const { connection: api } = await connection({ server: "http://127.0.0.1:1" }, user);
    await expect(api.request("/")).rejects.toMatchObject({
      code: "cluster-credentials",
      message: 'There is no auth-provider "openstack" for user "u": kubectl knows oidc alone.',
    });
  });
});
