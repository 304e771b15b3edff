import { expect, test } from "vitest";
import { requestFacts } from "../../../src/cli/predict/request-facts.ts";
import { compile } from "../../../src/compile/compile.ts";
import { snapshotOf } from "../../../src/manifest/snapshot.ts";
import { match } from "../../../src/match/match.ts";
import { matchTls } from "../../../src/match/tls.ts";
import { parseManifest } from "../../support/parse-manifest.ts";

const option = (name: string, spec: string) => `apiVersion: traefik.io/v1alpha1
kind: TLSOption
metadata: { name: ${name} }
spec: { ${spec} }
`;
const SERVICES = "services: [{ name: web, port: 80 }]";
const route = (
  name: string,
  host: string,
  options?: string,
  more = `PathPrefix(\`/${name}\`)`,
  services = SERVICES,
) => `apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: { name: ${name} }
spec:
  routes: [{ kind: Rule, match: "Host(\`${host}\`) && ${more}", ${services} }]
  tls: {${options === undefined ? "" : ` options: { name: ${options} }`}}
`;

const OBJECTS = [
  option("new", "minVersion: VersionTLS13, alpnProtocols: [http/1.1]"),
  option("old", "minVersion: VersionTLS10, maxVersion: VersionTLS12"),
  option("odd", "minVersion: SSLv3"),
  option("strict", "sniStrict: true"),
  option("asked", "clientAuth: { clientAuthType: RequireAndVerifyClientCert, secretNames: [gone] }"),
  route("a", "new.test", "new"),
  route("b", "old.test", "old"),
  route("c", "odd.test", "odd"),
  route("d", "strict.test", "strict"),
  route("e", "gone.test", "nobody"),
  route("f", "both.test", "new"),
  route("g", "both.test"),
  route("h", "*.wild.test", "new"),
  route("i", "x.wild.test"),
  route("j", "plain.test"),
  route("k", "asked.test", "asked"),
  route("l", "unread.test", "nobody", "PathRegexp(`(`)"),
  route("m", "alone.test", "nobody", "Path(`/`)", ""),
  route("n", "unknown.test", "nobody", "HostSNI(`*`)"),
];

const { snapshot } = snapshotOf(parseManifest(OBJECTS.join("---\n"), "a.yaml").resources);
const { table, problems } = compile(snapshot, {
  ...{ controller: "traefik", classless: "served", completeness: "partial" },
});

test.each([
  ["new.test", { protocols: ["TLSv1.3"], http2: "off" }],
  ["old.test", { protocols: ["TLSv1", "TLSv1.1", "TLSv1.2"] }],
  ["odd.test", { protocols: ["TLSv1.2", "TLSv1.3"] }],
  ["both.test", undefined],
  ["y.wild.test", { protocols: ["TLSv1.3"], http2: "off" }],
  ["x.wild.test", undefined],
  ["plain.test", undefined],
  ["nobody.test", undefined],
  ["unknown.test", undefined],
])("a handshake for %s goes by %j", (name, terms) => {
  expect(matchTls(table, name)).toEqual({ kind: "end", servername: name, terms });
});

test.each([
  "strict.test",
  "gone.test",
  "asked.test",
  "unread.test",
  "alone.test",
])("a handshake for %s is refused", (name) => {
  expect(matchTls(table, name)).toEqual({ kind: "reject", by: "alert" });
});

test.each([
  // handshake      host            path   status
  ["plain.test", "new.test", "/a", 421],
  ["new.test", "new.test", "/a", undefined],
  ["", "new.test", "/a", 421],
  ["plain.test", "both.test", "/f", undefined],
  ["plain.test", "x.wild.test", "/i", undefined],
  ["plain.test", "y.wild.test", "/h", 421],
  ["new.test", "y.wild.test", "/h", undefined],
  ["new.test", "nobody.test", "/", 404],
  ["new.test", "plain.test", "/none", 404],
])("after a handshake for %j a request for %s%s gets %s", (servername, host, target, status) => {
  const facts = requestFacts(
    { scheme: "https", method: "GET", target, headers: [["Host", host]] },
    table.plane,
    {
      ...{ ports: { http: 80, https: 443 }, exact: true, remoteAddress: "127.0.0.1", chance: 0 },
      noEndpoints: () => undefined,
      tls: { servername, verify: "NONE", unknownIssuer: false },
    },
  );
  const decision = match(table, { ...facts, entryPoint: "websecure" });
  expect(decision.kind === "forward" ? undefined : decision.status).toBe(status);
});

test("check says which hosts lose their options, and which refuse every handshake", () => {
  const told = problems.map(({ code, object, message }) => [
    code,
    object?.name,
    /\b\S+\.test\b/.exec(message)?.[0],
  ]);
  expect(told).toEqual([
    ["route-lost", "d", "strict.test"],
    ["route-lost", "e", "gone.test"],
    ["annotation-ignored", "f", "both.test"],
    ["annotation-ignored", "h", "x.wild.test"],
    ["route-lost", "k", "asked.test"],
    ["route-lost", "l", "unread.test"],
    ["route-lost", "m", "alone.test"],
    ["route-lost", "l", "Host(`unread.test"],
  ]);
});
