import type { Problem } from "../../model/problem.ts";
import type { ConfigMap } from "../../model/resource.ts";
import type { StreamRoute } from "../../model/route/stream.ts";
import { query } from "../query.ts";
import { CONFIG_MAPS, FLAGS } from "../world.ts";
import { DEFAULT_TRANSPORT } from "./settings.ts";

/** The ConfigMaps' names in the controller's documentation, in minikube, and in its Helm chart. */
const NAMES: ReadonlyMap<string, StreamRoute["protocol"]> = new Map([
  ["tcp-services", "tcp"],
  ["ingress-nginx-tcp", "tcp"],
  ["udp-services", "udp"],
  ["ingress-nginx-udp", "udp"],
]);

/** Ports of the controller's own listeners (controller.go, getStreamServices). */
const RESERVED: ReadonlySet<number> = new Set([80, 443, 442, 8181, 10245, 10246, 10247, 10254]);

interface Streams {
  readonly streams: readonly StreamRoute[];
  readonly problems: readonly Problem[];
}

/**
 * Reads `tcp-services` and `udp-services`: `PORT: NAMESPACE/SERVICE:PORT[:PROXY][:PROXY]`.
 *
 * Source: ingress-nginx controller.go, getStreamServices; docs/user-guide/exposing-tcp-udp-services.md.
 */
export const STREAMS = query<undefined, Streams>("streams", (_, ask) => {
  const { tcpServicesConfigMap: tcp, udpServicesConfigMap: udp } = ask.for(FLAGS);
  return readStreams(ask.for(CONFIG_MAPS), { tcp, udp });
});

/** `NAMESPACE/NAME` of a flag. default: usual names */
type Named = Readonly<Record<StreamRoute["protocol"], string | undefined>>;

function readStreams(configMaps: readonly ConfigMap[], named: Named): Streams {
  const byPort = new Map<string, StreamRoute>();
  const problems: Problem[] = [...notThere("tcp", configMaps, named), ...notThere("udp", configMaps, named)];
  for (const configMap of configMaps) {
    for (const protocol of protocolsOf(configMap, named)) {
      for (const [key, value] of configMap.data) {
        const read = readEntry(configMap, protocol, key, value);
        if (typeof read === "string") problems.push(problemOf(configMap, key, read));
        else if (byPort.has(`${protocol} ${read.port}`))
          problems.push(
            problemOf(configMap, key, `another ConfigMap has ${protocol} port ${read.port} already`),
          );
        else byPort.set(`${protocol} ${read.port}`, read);
      }
    }
  }
  return { streams: [...byPort.values()], problems };
}

function protocolsOf(configMap: ConfigMap, named: Named): readonly StreamRoute["protocol"][] {
  const usual = NAMES.get(configMap.metadata.name);
  return (["tcp", "udp"] as const).filter((protocol) =>
    named[protocol] === undefined ? usual === protocol : named[protocol] === keyOf(configMap),
  );
}

function keyOf({ metadata: { namespace, name } }: ConfigMap): string {
  return `${namespace}/${name}`;
}

/** The controller logs it, and has no such ports (controller.go, getStreamServices). */
function notThere(
  protocol: StreamRoute["protocol"],
  configMaps: readonly ConfigMap[],
  { [protocol]: name }: Named,
): readonly Problem[] {
  if (name === undefined || configMaps.some((each) => keyOf(each) === name)) return [];
  return [
    {
      code: "no-configmap",
      level: "warning",
      message: `There is no ConfigMap ${name} (--${protocol}-services-configmap): the controller opens no ${protocol} port for a Service.`,
      fix: "Add it to the manifests, or write NAMESPACE/NAME of one that is there.",
    },
  ];
}

function readEntry(
  configMap: ConfigMap,
  protocol: StreamRoute["protocol"],
  key: string,
  value: string,
): StreamRoute | string {
  const { namespace, name } = configMap.metadata;
  const port = Number(key);
  if (!/^\d{1,5}$/.test(key) || port < 1 || port > 65_535) return `"${key}" is not a valid port number`;
  if (RESERVED.has(port)) return `port ${port} is reserved for the controller itself`;
  const [service = "", target = "", ...flags] = value.trim().split(":");
  const found = /^([a-z0-9][-a-z0-9]*)\/([a-z0-9][-.a-z0-9]*)$/.exec(service);
  if (found === null || target === "")
    return `"${value}" is not of the form NAMESPACE/SERVICE:PORT[:PROXY][:PROXY]`;
  const isNumber = /^\d+$/.test(target);
  const { origin } = configMap;
  return {
    protocol,
    port,
    backend: {
      namespace: found[1] ?? "",
      service: found[2] ?? "",
      port: isNumber ? { number: Number(target) } : { name: target },
    },
    connectTimeoutMs: DEFAULT_TRANSPORT.connectTimeoutMs,
    proxyProtocol: {
      fromClient: protocol === "tcp" && isProxy(flags[0]) ? "expected" : "none",
      toBackend: protocol === "tcp" && isProxy(flags[1]) ? "sent" : "none",
    },
    origin: {
      configMap: `${namespace}/${name}`,
      file: origin.file,
      get line() {
        return origin.lineOf(`data[${key}]`);
      },
    },
  };
}

function isProxy(flag: string | undefined): boolean {
  return flag?.toUpperCase() === "PROXY";
}

function problemOf({ metadata, origin }: ConfigMap, key: string, what: string): Problem {
  const { namespace, name } = metadata;
  const field = `data[${key}]`;
  return {
    code: "stream-ignored",
    level: "warning",
    object: { kind: "ConfigMap", namespace, name },
    field,
    message: `ConfigMap ${namespace}/${name}: ${key}: ${what}: the controller passes it over`,
    fix: 'Write "PORT": NAMESPACE/SERVICE:PORT.',
    file: origin.file,
    line: origin.lineOf(field),
  };
}
