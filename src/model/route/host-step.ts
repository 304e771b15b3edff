import type { BlockedValues } from "../controller.ts";
import type { Reason } from "../reason.ts";
import type { Route } from "../route.ts";
import type { ClientAuth, TlsTerms } from "../tls/server-tls.ts";
import type { VariableText } from "./variable-text.ts";

/** A check or answer of a virtual host before its entries are searched. */
export type HostStep =
  /** `auth-tls-*`: the name in the handshake (421), and the certificate (400; nginx's 495 and 496). */
  | { readonly kind: "client-certificate"; readonly auth: ClientAuth }
  /** The name in the handshake has to be the one asked for: 421. An unknown one is left to `unknown`. */
  | { readonly kind: "server-name"; readonly unknown: "served" | "closed" }
  /** Handshakes that fail, where hosts are conditions. */
  | { readonly kind: "tls-options"; readonly byName: TlsOptionsOfNames }
  /** `block-user-agents`, `block-referers`: 403. */
  | { readonly kind: "blocked"; readonly lists: readonly BlockedValues[] }
  /** `auth-tls-match-cn`: 403 for another subject. */
  | { readonly kind: "certificate-subject"; readonly auth: ClientAuth }
  /** 403 for every request: `auth-tls-secret` cannot be used. */
  | { readonly kind: "closed"; readonly why: Reason }
  /** `from-to-www-redirect`: the host only redirects to another. */
  | { readonly kind: "host-redirect"; readonly host: string; readonly route: Route }
  /** `app-root`: `/` is redirected. */
  | { readonly kind: "app-root"; readonly target: VariableText; readonly route: Route };

/** The terms of a TLS handshake for a name. Compared by identity. */
export interface TlsOptionsOfName extends Pick<ClientAuth, "named" | "verify"> {
  /** Why no handshake succeeds. default: it may */
  readonly refused?: string | undefined;
}

/** By name or one-label wildcard; `undefined`, and absent: the default options. */
export type TlsOptionsOfNames = ReadonlyMap<string, TlsOptionsOfName | undefined>;

/** default: as for every other host */
export interface VirtualHostTls {
  /** No handshake succeeds. */
  readonly rejected?: true | undefined;
  readonly terms?: TlsTerms | undefined;
  /** `ssl-passthrough`: the route of the path `/`, whose Service answers TLS itself. */
  readonly passthrough?: Route | undefined;
  /** TLS ends here, and what it carried goes to the Service of this route as it comes. */
  readonly joined?: Route | undefined;
  /** The names whose connections are passed on. default: only the host's own */
  readonly passed?: "every name" | undefined;
}
