import { isIPv6 } from "node:net";
import type { Resolution, Upstream } from "../model/upstream.ts";
import type { Destination } from "./destination.ts";
import type { EchoPod, EchoProtocol, EchoService } from "./echo.ts";
import type { MapTarget } from "./target.ts";

export type FoundUpstream = Extract<Resolution, { kind: "upstream" }>;

/** A destination that pods answer for. */
type PodsDestination = Extract<Destination, { kind: "pods" }>;

/**
 * Every Upstream so far: one pod is one object under one name for the life of the process. The proxy keeps its
 * connections by scheme and name, and a connection to an echo pod has the pod's identity.
 */
export interface Upstreams {
  address(
    target: MapTarget,
    protocol: Upstream["protocol"],
    more?: Pick<Upstream, "advice" | "named">,
  ): FoundUpstream;
  /**
   * The echo pods of a Service's port. If two would have the same name (`echo/web-0` in two namespaces, or for two
   * ports of one Service), the first keeps it and the other is `echo/NAMESPACE/web-0:PORT`.
   */
  pods(destination: PodsDestination, protocol: EchoProtocol): readonly FoundUpstream[];
  /** Settles the names as `pods` would, without making an Upstream. */
  claim(destination: PodsDestination): void;
}

/** @param echo answers for echo pods */
export function createUpstreams(echo: Pick<EchoService, "open" | "answer">): Upstreams {
  const found = new Map<string, FoundUpstream>();
  /** The connection or Service port that has each short name. */
  const owners = new Map<string, string>();

  function owns(name: string, identity: string): boolean {
    const owner = owners.get(name);
    if (owner === undefined) owners.set(name, identity);
    return owner === undefined || owner === identity;
  }

  function kept(key: string, make: () => Upstream): FoundUpstream {
    const known = found.get(key);
    if (known !== undefined) return known;
    const made: FoundUpstream = { kind: "upstream", upstream: make() };
    found.set(key, made);
    return made;
  }

  function connectionOf(pod: EchoPod, protocol: EchoProtocol): Upstream["connection"] {
    const open = () => echo.open(pod, protocol);
    if (protocol !== "http") return { kind: "stream", open };
    return { kind: "stream", open, answer: (head, listener) => echo.answer(pod, head, listener) };
  }

  return {
    address: (target, wished, { advice, named } = {}) => {
      const { host, port, basePath } = target;
      const protocol = target.schemeNamed === true ? withScheme(wished, target.protocol) : wished;
      const authority = authorityOf(host, port);
      const short = target.shownAs ?? authority;
      return kept(`${protocol}://${authority}${basePath} ${short} ${advice ?? ""} ${named ?? ""}`, () => ({
        name: owns(short, authority) ? short : authority,
        address: authority,
        protocol,
        connection: { kind: "tcp", host, port },
        ...(advice === undefined ? {} : { advice }),
        ...(named === undefined ? {} : { named }),
        basePath,
      }));
    },
    pods: (destination, protocol) => {
      const { namespace, service, port } = destination;
      return destination.groups.flatMap(({ name, count }) => {
        const short = owns(`echo/${name}`, identityOf(destination));
        const long = name === service ? `echo/${namespace}` : `echo/${namespace}/${service}`;
        return Array.from({ length: count }, (_, ordinal) => {
          const pod: EchoPod = { namespace, service, pod: `${name}-${ordinal}`, port };
          return kept(`${protocol} ${identityOf(destination)} ${pod.pod}`, () => ({
            name: short ? `echo/${pod.pod}` : `${long}/${pod.pod}:${port}`,
            protocol,
            connection: connectionOf(pod, protocol),
            basePath: "",
          }));
        });
      });
    },
    claim: (destination) => {
      for (const { name } of destination.groups) owns(`echo/${name}`, identityOf(destination));
    },
  };
}

/** Host and port, as in a URL. */
export function authorityOf(host: string, port: number): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** A target that is a URL decides itself about TLS. */
function withScheme(protocol: Upstream["protocol"], scheme: "http" | "https"): Upstream["protocol"] {
  if (protocol === "fcgi") return protocol;
  const isHttp2 = protocol === "grpc" || protocol === "grpcs";
  return isHttp2 ? (scheme === "https" ? "grpcs" : "grpc") : scheme;
}

function identityOf({ namespace, service, port }: PodsDestination): string {
  return `${namespace}/${service}:${port}`;
}
