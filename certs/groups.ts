import { CODES } from "../src/errors.ts";
import type { Problem } from "../src/model/problem.ts";
import type { TlsHost } from "../src/model/route.ts";
import { altNameOf } from "./names.ts";

export interface HostGroup {
  /** `namespace/name`. */
  readonly key: string;
  /** The first host that names it, for the place of a problem. */
  readonly first: TlsHost;
  readonly hosts: readonly string[];
}

export interface GroupedHosts {
  readonly groups: readonly HostGroup[];
  /** `HostGroup.key` of each host, by its name; `undefined`: only the fake certificate is served for it. */
  readonly keys: ReadonlyMap<string, string | undefined>;
  readonly problems: readonly Problem[];
}

/** Groups hosts. If several Ingresses name a host, the first (oldest) decides which Secret serves it. */
export function groupsOf(tlsHosts: readonly TlsHost[]): GroupedHosts {
  const groups = new Map<string, { readonly first: TlsHost; readonly hosts: Set<string> }>();
  const keys = new Map<string, string | undefined>();
  const problems: Problem[] = [];
  for (const tlsHost of tlsHosts) {
    const host = tlsHost.host.toLowerCase();
    const problem = misfit(tlsHost);
    const key = problem === undefined ? `${tlsHost.namespace}/${tlsHost.secretName}` : undefined;
    if (!keys.has(host)) keys.set(host, key);
    if (problem !== undefined) problems.push(problem);
    if (key === undefined) continue;
    const group = groups.get(key) ?? { first: tlsHost, hosts: new Set<string>() };
    groups.set(key, group);
    group.hosts.add(host);
  }
  return {
    groups: [...groups].map(([key, { first, hosts }]) => ({ key, first, hosts: [...hosts] })),
    keys,
    problems,
  };
}

/** The reason why a host cannot have its own certificate, judged by its spelling. */
function misfit({ host, secretName, ingress }: TlsHost): Problem | undefined {
  const object = { kind: "Ingress", namespace: ingress.namespace, name: ingress.name };
  const place = { object, field: "spec.tls", file: ingress.file, line: ingress.line || undefined };
  if (secretName === "") {
    const message = `tls names no Secret for ${host}: the controller's fake certificate is served for it.`;
    return { code: "tls-no-secret", level: "notice", ...place, message, fix: CODES["tls-no-secret"] };
  }
  if (altNameOf(host) !== undefined) return undefined;
  const code = "bad-certificate-host";
  const message = `${JSON.stringify(host)} cannot be in a certificate: the controller's fake one is served for it.`;
  return { code, level: "warning", ...place, message, fix: CODES[code] };
}
