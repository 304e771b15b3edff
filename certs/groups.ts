import { CODES } from "../src/errors.ts";
import type { Problem } from "../src/model/problem.ts";
import type { TlsHost } from "../src/model/route.ts";
import { oncePer } from "../src/once-per.ts";
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

/** A host by itself. */
interface Judged {
  /** Lower case. */
  readonly host: string;
  /** `HostGroup.key`; `undefined` with a problem. */
  readonly key: string | undefined;
  readonly problem: Problem | undefined;
}

/**
 * Groups hosts. If several Ingresses name a host, the first (oldest) decides which Secret serves it. `before`: groups of
 * the same hosts stay the same objects.
 */
export function groupsOf(tlsHosts: readonly TlsHost[], before?: GroupedHosts): GroupedHosts {
  const groups = new Map<string, { readonly first: TlsHost; readonly hosts: Set<string> }>();
  const keys = new Map<string, string | undefined>();
  const problems: Problem[] = [];
  for (const tlsHost of tlsHosts) {
    const { host, key, problem } = judged(tlsHost);
    if (!keys.has(host)) keys.set(host, key);
    if (problem !== undefined) problems.push(problem);
    if (key === undefined) continue;
    const group = groups.get(key) ?? { first: tlsHost, hosts: new Set<string>() };
    groups.set(key, group);
    group.hosts.add(host);
  }
  const known = new Map((before?.groups ?? []).map((group) => [group.key, group]));
  return {
    groups: [...groups].map(([key, { first, hosts }]) => {
      const same = known.get(key);
      return same?.first === first && haveSame(same.hosts, hosts) ? same : { key, first, hosts: [...hosts] };
    }),
    keys,
    problems,
  };
}

function haveSame(before: readonly string[], now: ReadonlySet<string>): boolean {
  return before.length === now.size && before.every((host) => now.has(host));
}

const judged = oncePer((tlsHost: TlsHost): Judged => {
  const problem = misfit(tlsHost);
  const key = problem === undefined ? `${tlsHost.namespace}/${tlsHost.secretName}` : undefined;
  return { host: tlsHost.host.toLowerCase(), key, problem };
});

/** The reason why a host cannot have its own certificate, judged by its spelling. */
function misfit({ host, secretName, ingress }: TlsHost): Problem | undefined {
  if (secretName !== "" && altNameOf(host) !== undefined) return undefined;
  const place = {
    ...{ object: { kind: "Ingress", namespace: ingress.namespace, name: ingress.name } },
    ...{ field: "spec.tls", file: ingress.file },
  };
  // Found when it is asked for, since the document may move.
  const line = () => ingress.line || undefined;
  if (secretName === "") {
    const message = `tls names no Secret for ${host}: the controller's fake certificate is served for it.`;
    const code = "tls-no-secret";
    return {
      ...{ code, level: "notice", ...place, message, fix: CODES[code] },
      get line() {
        return line();
      },
    };
  }
  const code = "bad-certificate-host";
  const message = `${JSON.stringify(host)} cannot be in a certificate: the controller's fake one is served for it.`;
  return {
    ...{ code, level: "warning", ...place, message, fix: CODES[code] },
    get line() {
      return line();
    },
  };
}
