import { once } from "node:events";
import { type ConnectionOptions, connect } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { createContexts } from "../../certs/contexts.ts";
import { match } from "../../src/match/match.ts";
import { matchTls } from "../../src/match/tls.ts";
import { newAuthority } from "../support/authority.ts";
import { parseOptions } from "../support/case-file.ts";
import { compileCase } from "../support/compiled-case.ts";
import { testProxy } from "./support.ts";

const manifests = (options: string) => `
apiVersion: v1
kind: ConfigMap
metadata: { name: ingress-nginx-controller, namespace: ingress-nginx }
data: { ${options} }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec:
  ingressClassName: nginx
  rules:
    - host: a.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`;

/** The https port of a proxy with these options. */
async function served(options: string): Promise<number> {
  const all = compileCase([{ file: "a.yaml", text: manifests(options) }], parseOptions("", "a.yaml"));
  onTestFinished(() => all.close());
  const { certPem, keyPem } = pair;
  const contexts = createContexts({ certPem, keyPem });
  const { proxy } = await testProxy(0, {
    decide: (facts) => match(all.table, facts),
    decideTls: (name) => matchTls(all.table, name),
    secureContext: (_, terms) => contexts(terms),
  });
  return proxy.https.port;
}

const issued = newAuthority("Own").issue("a.test");
const pair = { certPem: issued.cert, keyPem: issued.key };

/** The TLS version, or the error code. */
async function handshake(port: number, options: ConnectionOptions): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false, ...options });
  try {
    await once(socket, "secureConnect");
    return String(socket.getProtocol());
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  } finally {
    socket.destroy();
  }
}

test.each([
  ["TLSv1.2", "a.test", "TLSv1.2"],
  ["TLSv1.3", "a.test", "TLSv1.3"],
  ["TLSv1.2 TLSv1.3", "a.test", "TLSv1.3"],
  ["TLSv1.2", "unknown.test", "TLSv1.2"],
])("ssl-protocols %j, asked for %s: %s", async (protocols, servername, version) => {
  const port = await served(`ssl-protocols: ${protocols}`);
  expect(await handshake(port, { servername })).toBe(version);
});

test("ssl-protocols TLSv1.3: an older client is turned away", async () => {
  const port = await served("ssl-protocols: TLSv1.3");
  expect(await handshake(port, { servername: "a.test", maxVersion: "TLSv1.2" })).toMatch(
    /^ERR_SSL_TLSV1_ALERT/,
  );
});

test("ssl-reject-handshake turns away who asks for no host that is served", async () => {
  const port = await served('ssl-reject-handshake: "true"');
  expect(await handshake(port, { servername: "a.test" })).toBe("TLSv1.3");
  expect(await handshake(port, { servername: "b.test" })).toBe("ERR_SSL_TLSV1_UNRECOGNIZED_NAME");
  expect(await handshake(port, {})).toBe("ERR_SSL_TLSV1_UNRECOGNIZED_NAME");
});
