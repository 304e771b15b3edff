import { connect, type SecureContext } from "node:tls";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { createContexts } from "../../certs/contexts.ts";
import { match } from "../../src/match/match.ts";
import { matchTls } from "../../src/match/tls.ts";
import { newAuthority, secretYaml, type TestPair } from "../support/authority.ts";
import { parseOptions } from "../support/case-file.ts";
import { compileCase } from "../support/compiled-case.ts";
import { statusOf } from "../support/raw.ts";
import { selfSigned, testProxy } from "./support.ts";

const routeOf = (clientAuth: string) => `apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: { name: web }
spec:
  routes: [{ kind: Rule, match: "Host(\`a.test\`)", services: [{ name: web, port: 80 }] }]
  tls: { options: { name: asks } }
---
apiVersion: traefik.io/v1alpha1
kind: TLSOption
metadata: { name: asks }
spec: { clientAuth: { ${clientAuth} } }
`;

const authority = newAuthority("Trusted");
let pairs: Readonly<Record<"none" | "good" | "unknown", TestPair | undefined>>;
beforeAll(() => {
  pairs = {
    none: undefined,
    good: authority.issue("alice"),
    unknown: newAuthority("Other").issue("mallory"),
  };
});

/** "closed": the handshake fails, or the connection ends without an answer. */
const ANSWERS: readonly (readonly [string, keyof typeof pairs, number | "closed"])[] = [
  ["NoClientCert", "none", 200],
  ["RequestClientCert", "none", 200],
  ["RequestClientCert", "unknown", 200],
  ["RequireAnyClientCert", "none", "closed"],
  ["RequireAnyClientCert", "unknown", 200],
  ["RequireAnyClientCert", "good", 200],
  ["VerifyClientCertIfGiven", "none", 200],
  ["VerifyClientCertIfGiven", "good", 200],
  ["VerifyClientCertIfGiven", "unknown", "closed"],
  ["RequireAndVerifyClientCert", "none", "closed"],
  ["RequireAndVerifyClientCert", "good", 200],
  ["RequireAndVerifyClientCert", "unknown", "closed"],
];

test.each(ANSWERS)("clientAuthType %s, certificate: %s", async (type, certificate, answer) => {
  const manifests = [
    routeOf(`clientAuthType: ${type}, secretNames: [ca]`),
    secretYaml("ca", { "ca.crt": authority.cert }),
  ];
  const all = compileCase(
    [{ file: "tls.yaml", text: manifests.join("---\n") }],
    parseOptions("--controller traefik", "tls.yaml"),
  );
  onTestFinished(() => all.close());
  const own = selfSigned("server.test");
  const contexts = createContexts({ certPem: own.cert, keyPem: own.key });
  const { proxy } = await testProxy(1, {
    decide: (facts) => match(all.table, facts),
    resolve: all.resolver.resolve,
    decideTls: (name) => matchTls(all.table, name),
    secureContext: (_, terms): SecureContext => contexts(terms),
  });
  expect(await ask(proxy.https.port, pairs[certificate])).toBe(answer);
});

function ask(port: number, pair: TestPair | undefined): Promise<number | "closed"> {
  return new Promise((resolve) => {
    const to = { port, host: "127.0.0.1", servername: "a.test", rejectUnauthorized: false };
    const socket = connect({ ...to, ...pair });
    onTestFinished(() => void socket.destroy());
    let text = "";
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
    });
    socket.on("error", () => undefined);
    socket.once("close", () => resolve(text === "" ? "closed" : statusOf(text)));
    socket.write("GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
  });
}
