import { describe, expect, test } from "vitest";
import { conversion, pathTo, written } from "./conversion.ts";

const TLS = { tls: [{ hosts: ["a.test"], secretName: "a-tls" }] };

/** An Ingress with annotations under their whole names. */
function ingressOf(annotations: Readonly<Record<string, string>>, className = "nginx", name = "web"): string {
  const rules = [{ host: "a.test", http: { paths: [pathTo("s")] } }];
  const spec = { ingressClassName: className, rules, ...TLS };
  const metadata = { name, annotations };
  return JSON.stringify({ apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata, spec });
}

const ISSUER = { "cert-manager.io/cluster-issuer": "letsencrypt" };
const CERTIFICATE = {
  apiVersion: "cert-manager.io/v1",
  kind: "Certificate",
  metadata: { name: "a-tls" },
  spec: {
    secretName: "a-tls",
    dnsNames: ["a.test"],
    issuerRef: { name: "letsencrypt", kind: "ClusterIssuer" },
  },
};

describe("what cert-manager has made of an Ingress goes on", () => {
  test.each(["contour", "traefik"])("to %s, by one Certificate of its own for a Secret", async (target) => {
    const { objects } = await conversion([ingressOf(ISSUER), ingressOf(ISSUER, "nginx", "more")], target);
    expect(objects.filter(({ kind }) => kind === "Certificate")).toEqual([CERTIFICATE]);
  });

  test("to gateway-api, by annotations of the Gateway; another issuer is named", async () => {
    const other = ingressOf({ "cert-manager.io/cluster-issuer": "staging" }, "nginx", "more");
    const { objects, problems } = await conversion([ingressOf(ISSUER), other], "gateway-api");
    expect(objects.find(({ kind }) => kind === "Gateway")?.metadata).toMatchObject({ annotations: ISSUER });
    expect(objects.filter(({ kind }) => kind === "Certificate")).toEqual([]);
    expect(problems.some(({ message }) => message.includes("the Gateway has letsencrypt"))).toBe(true);
  });

  test.each(["gateway-api", "contour", "traefik"])("to %s, nothing where nobody asks", async (target) => {
    const { text } = await conversion([written({ more: TLS })], target);
    expect(text).not.toContain("cert-manager");
  });
});

const KINDS: readonly (readonly [target: string, kind: string])[] = [
  ["gateway-api", "HTTPRoute"],
  ["contour", "HTTPProxy"],
  ["traefik", "IngressRoute"],
];

describe("annotations of nobody who serves Ingresses go along", () => {
  test.each(KINDS)("to %s", async (target, kind) => {
    const annotations = {
      "external-dns.alpha.kubernetes.io/ttl": "60",
      "kubectl.kubernetes.io/last-applied-configuration": "{}",
      "nginx.ingress.kubernetes.io/enable-access-log": "false",
      "kubernetes.io/ingress.class": "nginx",
    };
    const { objects } = await conversion([ingressOf(annotations)], target);
    const carried = objects.find((each) => each.kind === kind)?.metadata;
    expect(carried).toMatchObject({ name: expect.stringContaining("web") });
    expect(carried && "annotations" in carried && carried.annotations).toEqual({
      "external-dns.alpha.kubernetes.io/ttl": "60",
    });
  });
});

const ROUTER = "traefik.ingress.kubernetes.io/router.";
const LOGIN = `{"apiVersion":"traefik.io/v1alpha1","kind":"Middleware","metadata":{"name":"login"},"spec":{"basicAuth":{"secret":"users"}}}`;
const STRIP = `{"apiVersion":"traefik.io/v1alpha1","kind":"Middleware","metadata":{"name":"strip"},"spec":{"stripPrefix":{"prefixes":["/a"]}}}`;

/** Middlewares of an Ingress, and whether everybody is refused. */
const FOREIGN: readonly (readonly [names: string, isShut: boolean])[] = [
  ["default-login@kubernetescrd", true],
  ["default-strip@kubernetescrd", false],
  ["default-strip@kubernetescrd,default-login@kubernetescrd", true],
  ["default-nobody@kubernetescrd", true],
];

describe("annotations of another controller are named, and a guard is not left out", () => {
  test.each(FOREIGN)("%s", async (names, isShut) => {
    const annotations = { [`${ROUTER}entrypoints`]: "websecure", [`${ROUTER}middlewares`]: names };
    const documents = [ingressOf(annotations, "traefik"), LOGIN, STRIP];
    const gateway = await conversion(documents, "gateway-api");
    expect(gateway.objects.some(({ kind }) => kind === "SecurityPolicy")).toBe(isShut);
    const contour = await conversion(documents, "contour");
    expect(contour.text.includes("statusCode: 403")).toBe(isShut);
    for (const { problems, compared } of [gateway, contour]) {
      for (const name of Object.keys(annotations))
        expect(problems.filter(({ message }) => message.includes(name))).toHaveLength(1);
      expect(compared.flatMap(({ unnamed }) => unnamed)).toEqual([]);
    }
  });
});
