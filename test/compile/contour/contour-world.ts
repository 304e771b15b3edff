import { requestFacts } from "../../../src/cli/predict/request-facts.ts";
import { compile } from "../../../src/compile/compile.ts";
import { snapshotOf } from "../../../src/manifest/snapshot.ts";
import { match } from "../../../src/match/match.ts";
import { jsonFields, jsonItems } from "../../../src/model/json.ts";
import { selfSigned } from "../../proxy/support.ts";
import { parseManifest } from "../../support/parse-manifest.ts";

/** A Secret with a certificate for app.test, and an authority. */
const SECRETS = (() => {
  const { cert, key } = selfSigned("app.test");
  const [crt, pem] = [cert, key].map((each) => Buffer.from(each).toString("base64"));
  return `
apiVersion: v1
kind: Secret
metadata: { name: app-tls }
type: kubernetes.io/tls
data: { tls.crt: ${crt}, tls.key: ${pem} }
---
apiVersion: v1
kind: Secret
metadata: { name: ca }
data: { ca.crt: ${crt} }
---
`;
})();

/** A root HTTPProxy of app.test with TLS; `host` and `routes` are parts of its spec. */
export function rootWith(host: string, routes: string, tls = ""): string {
  return `apiVersion: projectcontour.io/v1
kind: HTTPProxy
metadata: { name: app }
spec:
  virtualhost:
    fqdn: app.test
    tls: { secretName: app-tls${tls} }
${host}
  routes:
${routes}
---
`;
}

/** Contour's reading of manifests in namespace default, and what becomes of requests of app.test. */
export function contourOf(text: string) {
  const { resources } = parseManifest(`${SECRETS}${text}`, "test.yaml");
  const { snapshot } = snapshotOf(resources);
  const { table, problems, statuses, stops } = compile(snapshot, {
    ...{ controller: "contour", classless: "served", completeness: "whole" },
  });
  return {
    ...{ table, problems, stops },
    /** `TYPE REASON: MESSAGE` of each error of the first HTTPProxy. */
    errors: () =>
      jsonItems(jsonFields(jsonItems(statuses[0]?.status.conditions)[0]).errors)
        .map(jsonFields)
        .map(({ type, reason, message }) => `${String(type)} ${String(reason)}: ${String(message)}`),
    ask: (
      target: string,
      scheme: "http" | "https" = "https",
      headers: Readonly<Record<string, string>> = {},
      host = "app.test",
      method = "GET",
    ) => {
      const sample = {
        ...{ scheme, method, target },
        headers: [["Host", host], ...Object.entries(headers)] as (readonly [string, string])[],
      };
      return match(
        table,
        requestFacts(sample, table.plane, {
          ports: { http: 80, https: 443 },
          exact: true,
          remoteAddress: "127.0.0.1",
          chance: 0.5,
          noEndpoints: () => undefined,
          tls:
            scheme === "https" ? { servername: "app.test", verify: "NONE", unknownIssuer: false } : undefined,
        }),
      );
    },
  };
}
