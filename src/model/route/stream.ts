import type { Backend } from "../route.ts";
import type { Share } from "./action.ts";

/** A byte-for-byte port: an entry of `tcp-services` or `udp-services`, a listener of a Gateway. */
export interface StreamRoute {
  readonly protocol: "tcp" | "udp";
  /** In the cluster, and here unless a listener has it. */
  readonly port: number;
  /** A listener, whose Gateway has an address of its own: here it gets a free port. */
  readonly listener?: StreamListener | undefined;
  /** default: connections are closed */
  readonly backend: Backend | undefined;
  /** Connections go round these by weight. default: all go to `backend` */
  readonly shares?: readonly [Share, ...Share[]] | undefined;
  readonly connectTimeoutMs: number;
  /** PROXY protocol from clients and to the backend. TCP only. */
  readonly proxyProtocol: { readonly fromClient: "expected" | "none"; readonly toBackend: "sent" | "none" };
  /** `ingress-nginx/tcp-services`, with the place for problems. */
  readonly origin: StreamOrigin;
}

/** A listener by the Gateway that has it (`NAMESPACE/NAME`), and its own name. */
interface StreamListener {
  readonly gateway: string;
  readonly name: string;
}

interface StreamOrigin {
  /** default: a Gateway has the listener */
  readonly configMap?: string | undefined;
  readonly file: string;
  readonly line: number;
}
