import type { Backend } from "../route.ts";

/** A byte-for-byte port: an entry of `tcp-services` or `udp-services`. */
export interface StreamRoute {
  readonly protocol: "tcp" | "udp";
  /** The same here and in the cluster. */
  readonly port: number;
  readonly backend: Backend;
  readonly connectTimeoutMs: number;
  /** PROXY protocol from clients and to the backend. TCP only. */
  readonly proxyProtocol: { readonly fromClient: "expected" | "none"; readonly toBackend: "sent" | "none" };
  /** `ConfigMap ingress-nginx/tcp-services`, with the place for problems. */
  readonly origin: { readonly configMap: string; readonly file: string; readonly line: number };
}
