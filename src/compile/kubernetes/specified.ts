import type { Problem } from "../../model/problem.ts";
import type { Ingress } from "../../model/resource.ts";
import type { TlsHost } from "../../model/route.ts";
import { query } from "../query.ts";
import { refOf } from "../route.ts";
import { resourceProblems } from "./resource-backends.ts";

/** What an Ingress comes to by itself. */
interface Specified {
  readonly problems: readonly Problem[];
  readonly tlsHosts: readonly TlsHost[];
}

export const SPECIFIED = query<Ingress, Specified>("Ingress", (ingress) => ({
  problems: resourceProblems(ingress),
  tlsHosts: tlsHostsOf(ingress),
}));

function tlsHostsOf(ingress: Ingress): readonly TlsHost[] {
  return ingress.spec.tls.flatMap(({ hosts, secretName, field }) =>
    secretName === undefined
      ? []
      : hosts.map((host) => ({
          host: host.toLowerCase(),
          namespace: ingress.metadata.namespace,
          secretName,
          ingress: refOf(ingress, field),
        })),
  );
}
