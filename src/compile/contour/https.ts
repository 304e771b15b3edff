import type { IngressRef } from "../../model/route.ts";
import type { TlsTerms } from "../../model/tls/server-tls.ts";

/** TLS of a virtual host. */
export interface HostTls {
  /** `NAMESPACE/NAME` */
  readonly secret: string;
  readonly lowest: "1.2" | "1.3";
  readonly highest: "1.2" | "1.3";
  readonly by: IngressRef;
  /** default: clients show no certificate */
  readonly clients?: TlsTerms["clients"];
}

type TlsVersion = HostTls["lowest"];

/** Other words mean the default. */
export function tlsVersion(text: string | undefined, fallback: TlsVersion): TlsVersion {
  return text === "1.2" || text === "1.3" ? text : fallback;
}

/** In nginx's words. */
export function protocolsOf({ lowest, highest }: Pick<HostTls, "lowest" | "highest">): readonly string[] {
  return (["1.2", "1.3"] as const)
    .filter((each) => each >= lowest && each <= highest)
    .map((each) => `TLSv${each}`);
}
