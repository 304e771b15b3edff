import { X509Certificate } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { Kubectl, kubectlMinor } from "../api-server/kubectl.ts";
import { type ApiServer, startApiServer } from "../support/api-server/api-server.ts";
import { asText, at } from "../support/api-server/object.ts";
import { MAIN } from "../support/built.ts";

const MANIFEST = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop, namespace: shop }
spec:
  ingressClassName: nginx
  tls: [{ hosts: [shop.test], secretName: shop-tls }]
  rules: [{ host: shop.test, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }]
`;

let server: ApiServer | undefined;
let kubectl: Kubectl | undefined;
afterEach(async () => {
  kubectl?.remove();
  await server?.close();
});

test.runIf(kubectlMinor() !== undefined)(
  "`certs secret NAME | kubectl apply -f -` puts the certificate into the cluster, again without a change",
  async () => {
    server = await startApiServer();
    kubectl = new Kubectl(server);
    kubectl.write("ingress.yaml", MANIFEST);
    server.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
    const secret = `'${process.execPath}' '${MAIN}' certs secret shop-tls ingress.yaml --certs-dir certs`;
    const line = `${secret} | kubectl apply -f -`;
    expect(await kubectl.shell(line)).toContain("secret/shop-tls created\n");
    expect(await kubectl.shell(line)).toContain("secret/shop-tls unchanged\n");
    const kept = server.get("Secret", "shop", "shop-tls");
    expect(kept?.type).toBe("kubernetes.io/tls");
    const pem = Buffer.from(asText(at(kept?.data, "tls.crt")), "base64");
    expect(new X509Certificate(pem).checkHost("shop.test")).toBe("shop.test");
  },
);
