import type { Ingress } from "../../../model/resource.ts";
import type { TlsHost } from "../../../model/route.ts";
import type { MadeFields, MadeObject } from "../made.ts";
import type { PassedTo } from "../nginx/passed-hosts.ts";
import { FreshNames, hostInName } from "./names.ts";

export const GATEWAY_VERSION = "gateway.networking.k8s.io/v1";

/** Where routes attach: one Gateway for all, as there was one controller with one address. */
export interface GatewayDraft {
  readonly namespace: string;
  /** Its namespace is written where it may not be that of the manifests. */
  readonly isShared: boolean;
  readonly name: string;
  readonly listeners: readonly ListenerDraft[];
  /** By host: TLS goes on to a Service unopened. */
  readonly passed: ReadonlyMap<string, PassedListener>;
}

interface PassedListener {
  readonly name: string;
  readonly to: PassedTo;
  /** http is sent to https where an Ingress does not say otherwise. */
  readonly isRedirected: boolean;
}

interface ListenerDraft {
  readonly name: string;
  readonly host: string;
  readonly secret: { readonly namespace: string; readonly name: string };
}

/** The Gateway's namespace where Ingresses have several: every cluster has it. */
const SHARED_NAMESPACE = "default";
const NAME = "gateway";

interface HostsOfListeners {
  /** Those with a certificate. */
  readonly certificates: readonly TlsHost[];
  /** Those whose TLS goes on unopened. */
  readonly passed: ReadonlyMap<string, PassedTo>;
  /** Those that are redirected to https. */
  readonly tlsNames: ReadonlySet<string>;
}

export function gatewayDraft(
  ingresses: readonly Ingress[],
  { certificates, passed, tlsNames }: HostsOfListeners,
): GatewayDraft {
  const [only = SHARED_NAMESPACE, ...others] = new Set(ingresses.map(({ metadata }) => metadata.namespace));
  const names = new FreshNames();
  const ended = certificates.filter(({ host }) => !passed.has(host));
  const byHost = new Map(ended.map((host) => [host.host, host]));
  return {
    namespace: others.length === 0 ? only : SHARED_NAMESPACE,
    isShared: others.length > 0,
    name: NAME,
    listeners: [...byHost.values()].map(({ host, namespace, secretName }) => ({
      name: names.fresh("", `https-${hostInName(host)}`),
      host,
      secret: { namespace, name: secretName },
    })),
    passed: new Map(
      [...passed].map(([host, to]) => {
        const name = names.fresh("", `tls-${hostInName(host)}`);
        return [host, { name, to, isRedirected: tlsNames.has(host) }];
      }),
    ),
  };
}

/** The listener of a host: its own, else a wildcard's. */
export function listenerOf({ listeners }: GatewayDraft, host: string): ListenerDraft | undefined {
  const wildcard = `*${host.slice(host.indexOf("."))}`;
  return listeners.find((each) => each.host === host) ?? listeners.find((each) => each.host === wildcard);
}

/** The listener of a host alone. */
export function ownListenerOf({ listeners }: GatewayDraft, host: string): ListenerDraft | undefined {
  return listeners.find((each) => each.host === host);
}

/** As it is written: default is not. */
export function gatewayNamespace({ namespace, isShared }: GatewayDraft): string | undefined {
  return isShared || namespace !== SHARED_NAMESPACE ? namespace : undefined;
}

/** `from`: the namespaces of its routes. */
export function gatewayObject(
  draft: GatewayDraft,
  gatewayClass: string,
  from: ReadonlySet<string>,
  annotations: MadeFields | undefined,
): MadeObject {
  const allowedRoutes = allowedFrom(draft, from);
  return {
    apiVersion: GATEWAY_VERSION,
    kind: "Gateway",
    metadata: {
      name: draft.name,
      namespace: gatewayNamespace(draft),
      annotations,
    },
    spec: {
      gatewayClassName: gatewayClass,
      listeners: [
        { name: "http", port: 80, protocol: "HTTP", allowedRoutes },
        ...draft.listeners.map(({ name, host, secret }) => ({
          name,
          port: 443,
          protocol: "HTTPS",
          hostname: host,
          tls: { certificateRefs: [secretRef(secret, draft)] },
          allowedRoutes,
        })),
        ...[...draft.passed].map(([hostname, { name }]) => ({
          ...{ name, port: 443, protocol: "TLS", hostname },
          tls: { mode: "Passthrough" },
          allowedRoutes,
        })),
      ],
    },
  };
}

function allowedFrom({ namespace }: GatewayDraft, from: ReadonlySet<string>): MadeFields | undefined {
  if ([...from].every((each) => each === namespace)) return undefined;
  const values = [...from].sort();
  const selector = { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values }] };
  return { namespaces: { from: "Selector", selector } };
}

function secretRef({ namespace, name }: ListenerDraft["secret"], gateway: GatewayDraft): MadeFields {
  return { name, namespace: namespace === gateway.namespace ? undefined : namespace };
}

/** Secrets of other namespaces are let out of them one by one. */
export function secretGrants(draft: GatewayDraft): ReadonlyMap<string, MadeObject> {
  const names = new Map<string, Set<string>>();
  for (const { secret } of draft.listeners) {
    if (secret.namespace === draft.namespace) continue;
    const known = names.get(secret.namespace) ?? new Set();
    names.set(secret.namespace, known.add(secret.name));
  }
  return new Map(
    [...names].map(([namespace, secrets]) => [
      namespace,
      {
        apiVersion: GATEWAY_VERSION,
        kind: "ReferenceGrant",
        metadata: { name: `${draft.name}-certificates`, namespace },
        spec: {
          from: [{ group: "gateway.networking.k8s.io", kind: "Gateway", namespace: draft.namespace }],
          to: [...secrets].sort().map((name) => ({ group: "", kind: "Secret", name })),
        },
      },
    ]),
  );
}
