import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** One host and path, as small as a rule gets; bodies of any size pass. */
export const ONE_HOST = "www.basic1.com";
const ONE = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: basic
  annotations:
    nginx.ingress.kubernetes.io/proxy-body-size: "0"
    nginx.ingress.kubernetes.io/ssl-redirect: "false"
spec:
  ingressClassName: nginx
  tls:
    - hosts: [${ONE_HOST}]
  rules:
    - host: ${ONE_HOST}
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service: {name: web, port: {number: 80}}
`;

export function writeOne(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, ONE);
}

export const hostOf = (at: number): string => `shop-${at}.test`;

/** A host without TLS, which answers http in place of a redirect to https. */
export const isInClear = (at: number): boolean => at % 4 !== 0;

/** An Ingress of a company's manifests: a host, some annotations, some paths to Services of its own. */
export function ingressText(at: number, paths = 2): string {
  const rules = Array.from(
    { length: paths },
    (_, path) => `          - path: ${path === 0 ? "/" : `/api/v${path}`}
            pathType: Prefix
            backend:
              service:
                name: shop-${at}${path === 0 ? "" : "-api"}
                port:
                  number: 80
`,
  );
  const tls = isInClear(at)
    ? ""
    : `  tls:\n    - hosts:\n        - ${hostOf(at)}\n      secretName: shop-${at}-tls\n`;
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop-${at}
  namespace: team-${at % 50}
  labels:
    app.kubernetes.io/name: shop
  annotations:
    nginx.ingress.kubernetes.io/proxy-read-timeout: "${30 + (at % 7)}"
    nginx.ingress.kubernetes.io/proxy-body-size: 8m
spec:
  ingressClassName: nginx
${tls}  rules:
    - host: ${hostOf(at)}
      http:
        paths:
${rules.join("")}`;
}

/** All of them in one file. */
export function manyText(count: number, paths = 2): string {
  return Array.from({ length: count }, (_, at) => ingressText(at, paths)).join("---\n");
}
