import { expect, test } from "vitest";
import { match } from "../../src/match/match.ts";
import { compileCase } from "../support/compiled-case.ts";

const MANIFEST = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec:
  ingressClassName: traefik
  rules:
    - host: web.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`;

const SAID = "Ingress default/web names the host web.test, but is ignored";

test.each([
  ["web.test", undefined, true],
  ["other.test", undefined, false],
  // A target in absolute form selects the server, whatever Host says.
  ["other.test", "web.test", true],
  ["web.test", "other.test", false],
])("Host %s and target of %s: the Ingress that is not served is named (%s)", (host, authority, isSaid) => {
  const { table } = compileCase([{ file: "a.yaml", text: MANIFEST }], {
    ...{ controller: "ingress-nginx", exact: false, echo: true },
  });
  const { why } = match(table, {
    ...{ scheme: "http", method: "GET", host, authority, target: "/" },
    ...{ ports: { http: 80, https: 443 }, exact: false, remoteAddress: "127.0.0.1", chance: 0.5 },
    header: () => undefined,
    noEndpoints: () => undefined,
  });
  expect(why.some(({ code, text }) => code === "unserved" && text.startsWith(SAID))).toBe(isSaid);
});
