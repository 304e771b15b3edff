import type { Resolution, Upstream } from "../model/upstream.ts";

type Stream = Upstream["connection"] & { readonly kind: "stream" };

/** `service-upstream`: Services by their own addresses, each an upstream that chooses a pod for every connection. */
export interface ServiceAddresses {
  /** One upstream in place of several; `choices` itself if they are not all pods of ours. */
  of(name: string, choices: readonly Resolution[]): readonly Resolution[];
}

/** Keeps the upstream of a Service the same object while its pods come and go. */
export function createServiceAddresses(): ServiceAddresses {
  const known = new Map<string, { readonly found: Resolution; pods: readonly Stream[] }>();
  return {
    of: (name, choices) => {
      const [first] = choices;
      const pods = choices.flatMap((choice) => {
        const connection = choice.kind === "upstream" ? choice.upstream.connection : undefined;
        return connection?.kind === "stream" ? [connection] : [];
      });
      if (first?.kind !== "upstream" || pods.length !== choices.length) return choices;
      const { protocol, basePath } = first.upstream;
      const key = `${protocol} ${name}`;
      const address =
        known.get(key) ?? addressOf({ name, protocol, basePath }, () => known.get(key)?.pods ?? []);
      known.set(key, { ...address, pods });
      return [address.found];
    },
  };
}

/** Requests need connections here: each stays with its pod, as behind kube-proxy. */
function addressOf(
  upstream: Omit<Upstream, "connection">,
  pods: () => readonly Stream[],
): { readonly found: Resolution } {
  let turn = 0;
  const open: Stream["open"] = async (signal) => {
    const now = pods();
    const pod = now[turn++ % now.length];
    if (pod === undefined) throw new Error("the Service has no pods");
    return pod.open(signal);
  };
  return { found: { kind: "upstream", upstream: { ...upstream, connection: { kind: "stream", open } } } };
}
