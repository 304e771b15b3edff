import type { Backend, Route } from "./route.ts";
import type { TlsTerms } from "./settings/server.ts";

/** What is known of the client of a TLS connection. */
export interface ClientTls {
  /** The name it asked for in the handshake, lower case; absent where it asked for none that a server has. */
  readonly servername?: string | undefined;
  /** nginx's `$ssl_client_verify`: `NONE`, `SUCCESS` or `FAILED:reason`. */
  readonly verify: string;
  /** Whether it failed for nothing but that nobody we know has signed the certificate. */
  readonly unknownIssuer: boolean;
  /** The certificate that was sent, good or not. */
  readonly certificate?: ClientCertificate | undefined;
}

/** A client's certificate, as nginx's variables have it. */
export interface ClientCertificate {
  /** As RFC 2253 writes names: `CN=alice,O=Acme`. */
  readonly subject: string;
  readonly issuer: string;
  readonly pem: string;
}

/** What becomes of a TLS connection, by the name in its first message. */
export type TlsDecision =
  /** The handshake is refused: `unrecognized_name` (`ssl-reject-handshake`). */
  | { readonly kind: "reject" }
  | {
      /** TLS ends here, and requests are read. */
      readonly kind: "end";
      readonly servername?: string | undefined;
      readonly terms?: TlsTerms | undefined;
    }
  | {
      /** The bytes go to a Service as they are (`ssl-passthrough`). Where it speaks no TLS, as `otherwise` says. */
      readonly kind: "pass";
      readonly servername: string;
      readonly route: Route;
      readonly backend: Backend;
      readonly otherwise: Extract<TlsDecision, { kind: "end" }>;
    };
