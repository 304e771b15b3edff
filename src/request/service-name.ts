import type { Backend } from "../model/route.ts";

/** source: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#services */
const CLUSTER_NAME = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.cluster\.local)?\.?$/i;

/** The Service port behind a cluster DNS name; `undefined` for other names. */
export function serviceNamed(host: string, port: number): Backend | undefined {
  const [, service, namespace] = CLUSTER_NAME.exec(host) ?? [];
  if (service === undefined || namespace === undefined) return undefined;
  return { namespace: namespace.toLowerCase(), service: service.toLowerCase(), port: { number: port } };
}
