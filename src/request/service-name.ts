import type { Backend } from "../model/route.ts";

/** https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#services */
const CLUSTER_NAME = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.cluster\.local)?\.?$/i;

/** The Service port that a DNS name of the cluster stands for; `undefined` for every other name. */
export function serviceNamed(host: string, port: number): Backend | undefined {
  const [, service, namespace] = CLUSTER_NAME.exec(host) ?? [];
  if (service === undefined || namespace === undefined) return undefined;
  return { namespace: namespace.toLowerCase(), service: service.toLowerCase(), port: { number: port } };
}
