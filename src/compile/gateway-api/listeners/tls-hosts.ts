import type { TlsHost } from "../../../model/route.ts";
import { refOf } from "../../route.ts";
import type { GatewayListener } from "../listeners.ts";
import type { NamedCertificate } from "./certificates.ts";
import { isCoveredBy } from "./hostnames.ts";

/** The certificate of each host of a listener: the first that is for it, else the first. `hosts`: those of its routes */
export function tlsHostsOf(listener: GatewayListener, hosts: Iterable<string>): readonly TlsHost[] {
  const { tls, hostname, owner, field } = listener;
  if (typeof tls === "string") return [];
  const [first] = tls.usable;
  if (first === undefined) return [];
  const own = hostname === undefined ? tls.usable.flatMap(({ names = [] }) => names) : [hostname];
  const all = new Set([...own, ...hosts].filter((host) => host !== "*"));
  return [...all].map((host) => {
    const { secret } = tls.usable.find((each) => isFor(each, host)) ?? first;
    const [namespace = "", secretName = ""] = secret.split("/");
    return {
      host,
      namespace,
      secretName,
      shown: "always",
      ingress: refOf(owner, `${field}.tls.certificateRefs`),
    };
  });
}

/** The certificate of every other name: the first of a listener without hostname. */
export function defaultCertificateOf(listeners: readonly GatewayListener[]): string | undefined {
  for (const { served, tls, hostname } of listeners)
    if (served && typeof tls !== "string" && hostname === undefined) return tls.usable[0]?.secret;
  return undefined;
}

function isFor({ names = [] }: NamedCertificate, host: string): boolean {
  return names.some((name) => name === host || isCoveredBy(name, host));
}
