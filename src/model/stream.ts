import type { Backend } from "./route.ts";

/** A port that the controller passes on byte for byte: an entry of `tcp-services` or `udp-services`. */
export interface StreamRoute {
  readonly protocol: "tcp" | "udp";
  /** Listened on, here as in the cluster. */
  readonly port: number;
  readonly backend: Backend;
  readonly connectTimeoutMs: number;
  /** Whether clients begin with a PROXY protocol header, and whether the backend is sent one. TCP only. */
  readonly proxyProtocol: { readonly fromClient: "expected" | "none"; readonly toBackend: "sent" | "none" };
  /** Where it is written: `ConfigMap ingress-nginx/tcp-services`, with the place for a problem. */
  readonly origin: { readonly configMap: string; readonly file: string; readonly line: number };
}
