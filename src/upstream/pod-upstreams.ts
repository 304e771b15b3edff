import type { Upstream } from "../model/upstream.ts";
import { type PodEndpoint, podKey } from "./endpoints.ts";
import type { PodForwards } from "./port-forward/forwards.ts";
import { authorityOf, type FoundUpstream } from "./upstreams.ts";

/** The Upstreams of a cluster's pods. Each stays the same object while its pod gets requests. */
export interface PodUpstreams {
  /**
   * The Upstream of a pod's port, `pod/NAME:PORT`; `pod/NAMESPACE/NAME:PORT` when a pod of another namespace has that
   * name already.
   */
  readonly of: (endpoint: PodEndpoint, protocol: Upstream["protocol"]) => FoundUpstream;
  /** Retires the Upstreams of all pods but these (by `podKey`), and forgets them. */
  readonly keep: (pods: ReadonlySet<string>) => void;
}

interface KnownPod {
  readonly endpoint: PodEndpoint;
  readonly found: FoundUpstream;
  readonly retirement: AbortController;
}

/** @param forwards makes the connections */
export function createPodUpstreams(forwards: Pick<PodForwards, "open">): PodUpstreams {
  const entries = new Map<string, KnownPod>();
  /** The namespace that has each short name. */
  const owners = new Map<string, string>();

  function nameOf({ namespace, pod, port }: PodEndpoint): string {
    const owner = owners.get(pod) ?? namespace;
    owners.set(pod, owner);
    return owner === namespace ? `pod/${pod}:${port}` : `pod/${namespace}/${pod}:${port}`;
  }

  function make(endpoint: PodEndpoint, protocol: Upstream["protocol"]): KnownPod {
    const retirement = new AbortController();
    const open = (signal: AbortSignal) => forwards.open(endpoint, signal);
    const upstream: Upstream = {
      name: nameOf(endpoint),
      address: endpoint.host && authorityOf(endpoint.host, endpoint.port),
      protocol,
      connection: { kind: "stream", open, retired: retirement.signal },
      basePath: "",
    };
    return { endpoint, found: { kind: "upstream", upstream }, retirement };
  }

  return {
    of: (endpoint, protocol) => {
      const key = `${protocol} ${podKey(endpoint)}:${endpoint.port}`;
      const entry = entries.get(key) ?? make(endpoint, protocol);
      entries.set(key, entry);
      return entry.found;
    },
    keep: (pods) => {
      for (const [key, { endpoint, retirement }] of entries) {
        if (pods.has(podKey(endpoint))) continue;
        entries.delete(key);
        retirement.abort();
      }
      const named = new Set([...entries.values()].map(({ endpoint }) => endpoint.pod));
      for (const pod of owners.keys()) if (!named.has(pod)) owners.delete(pod);
    },
  };
}
