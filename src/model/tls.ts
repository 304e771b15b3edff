import type { Backend, Route } from "./route.ts";
import type { TlsTerms } from "./tls/server-tls.ts";

/** The client of a TLS connection. */
export interface ClientTls {
  /** SNI in lower case; absent for a name that no server has. */
  readonly servername?: string | undefined;
  /** nginx's `$ssl_client_verify`: `NONE`, `SUCCESS` or `FAILED:reason`. */
  readonly verify: string;
  /** It failed only for its unknown issuer. */
  readonly unknownIssuer: boolean;
  /** `TLSv1.3`. default: unknown */
  readonly version?: string | undefined;
  /** The sent certificate, valid or not. */
  readonly certificate?: ClientCertificate | undefined;
}

/** A client's certificate as in nginx's variables. */
export interface ClientCertificate {
  /** RFC 2253: `CN=alice,O=Acme`. */
  readonly subject: string;
  readonly issuer: string;
  readonly pem: string;
}

/** The handling of a TLS connection, by its SNI. */
export type TlsDecision =
  /** Refuses the handshake: with `unrecognized_name` (`ssl-reject-handshake`), or by a reset of the connection. */
  | { readonly kind: "reject"; readonly by: "alert" | "reset" }
  | {
      /** TLS ends here; requests are read. */
      readonly kind: "end";
      readonly servername?: string | undefined;
      readonly terms?: TlsTerms | undefined;
      /** What it carried is not read, but goes to a Service. */
      readonly joined?: JoinedTo | undefined;
    }
  | {
      /**
       * The bytes go unchanged to a Service (`ssl-passthrough`). If it does not speak TLS, `otherwise`
       * applies.
       */
      readonly kind: "pass";
      readonly servername: string;
      readonly route: Route;
      readonly backend: Backend;
      readonly otherwise: Extract<TlsDecision, { kind: "end" }>;
    };

/** A Service that gets a connection's bytes. */
interface JoinedTo {
  readonly route: Route;
  readonly backend: Backend;
}
