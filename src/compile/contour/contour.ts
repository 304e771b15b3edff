import { append } from "../../append.ts";
import { type ControllerOptions, DEFAULT_CONTROLLER_OPTIONS } from "../../model/controller.ts";
import type { Problem } from "../../model/problem.ts";
import type { ConfigMap, Ingress } from "../../model/resource.ts";
import type { HostStep } from "../../model/route/host-step.ts";
import type { TlsHost } from "../../model/route.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { TlsTerms } from "../../model/tls/server-tls.ts";
import { envoyPlane } from "../../plane/envoy.ts";
import type { Steps } from "../../steps.ts";
import type { CompiledByController, CompileWorld } from "../controller.ts";
import type { Revision } from "../memory.ts";
import type { CompileOptions } from "../options.ts";
import { forwardedBy } from "../shared/envoy-hops.ts";
import { annotationProblems } from "./annotation-names.ts";
import { compressionBy } from "./compression.ts";
import { CONTOUR } from "./facts.ts";
import { keyProblems } from "./file-keys.ts";
import { Hosts } from "./hosts.ts";
import { type HostTls, protocolsOf } from "./https.ts";
import { drawnTls, drawnTlsProblem, tlsOfIngress } from "./ingresses/tls.ts";
import { routesOfIngress } from "./ingresses.ts";
import { Objects } from "./objects.ts";
import { drawnProblem, lostProblem, settingProblems, unreadContourFile } from "./problems.ts";
import { draftOf } from "./proxies/drafts.ts";
import { compileProxies } from "./proxies/proxies.ts";
import { tcpHostOf } from "./proxies/tcp/tcp-host.ts";
import { contourSettings } from "./settings.ts";
import { sharedSteps } from "./shared-hosts.ts";
import { stopsOfIngress, stopsOfProxy } from "./stops.ts";

const OPTIONS: ControllerOptions = {
  ...DEFAULT_CONTROLLER_OPTIONS,
  hsts: undefined,
};

/** Contour's reading of Ingresses and HTTPProxies (internal/dag), and the routes that Envoy gets of it. */
export function* compileContour(
  ingresses: readonly Ingress[],
  _revision: Revision,
  { snapshot, options, flags }: CompileWorld,
): Steps<CompiledByController> {
  const file = configMapOf(snapshot, options);
  const { settings, fault, file: read } = contourSettings(flags, file?.data.get("contour.yaml"));
  const objects = new Objects(snapshot, options, settings);
  const [http, https] = [new Hosts(), new Hosts()];
  const tls = new Map<string, HostTls>();
  const problems: Problem[] =
    file === undefined || fault === undefined ? [] : [unreadContourFile(file, fault)];
  if (file !== undefined && read !== undefined)
    append(problems, [...keyProblems(read, file), ...settingProblems(file, settings)]);
  append(problems, [...ingresses, ...snapshot.services].flatMap(annotationProblems));
  for (const ingress of ingresses) {
    const own = tlsOfIngress(ingress, objects);
    append(problems, own.problems);
    for (const [host, one] of own.hosts) {
      const before = tls.get(host);
      if (before === undefined) tls.set(host, one);
      else if (drawnTls(before, one)) problems.push(drawnTlsProblem(ingress, host, before, one));
    }
  }
  yield;
  const proxies = compileProxies(snapshot.custom, options, objects, settings);
  const shared = new Map(proxies.roots.map((root) => [root.host, sharedSteps(root)]));
  for (const ingress of ingresses) {
    const ofHost = (host: string) => shared.get(host) ?? [];
    const { policy, drafts, lost } = routesOfIngress(ingress, objects, settings, ofHost);
    for (const { host, draft } of drafts) {
      if (policy.toHttps || !policy.withoutHttp) http.addOfIngress(host, draft);
      if (host !== "*" && tls.has(host)) https.addOfIngress(host, draft);
    }
    append(problems, lost.map(lostProblem));
    const own = drafts.map(({ draft }) => draft);
    append(problems, stopsOfIngress(ingress, policy, own));
    yield;
  }
  for (const [host, secured] of proxies.secured) tls.set(host, secured);
  const fallbacks = new Set<string>();
  for (const root of proxies.roots) {
    const { host, routes, tcp } = root;
    if (root.isFallback) fallbacks.add(host);
    const joined = tcpHostOf(root);
    if (joined !== undefined) https.addTcp(host, joined);
    for (const written of routes) {
      const draft = draftOf(written, root, settings);
      append(problems, stopsOfProxy(written.proxy, written.field, draft.route));
      http.addOfProxy(host, draft);
      // TLS that is passed on with nothing behind it leaves the host to the TLS of Ingresses.
      if (root.isSecure && tcp === undefined && tls.has(host)) https.addOfProxy(host, draft);
    }
    yield;
  }
  append(problems, [...http.drawn(), ...https.drawn(), ...http.unordered()].map(drawnProblem));
  append(problems, proxies.problems);
  const plain = yield* http.build({ before: () => [], terms: () => undefined });
  const secure = yield* https.build({
    before: (host) => (fallbacks.has(host) ? FALLBACK : SERVER_NAME),
    terms: termsIn(tls),
  });
  const table: CompiledByController["table"] = {
    controller: CONTOUR.name,
    plane: envoyPlane(settings),
    options: {
      ...OPTIONS,
      strangers: fallbacks.size === 0 ? "reset" : undefined,
      forwarded: forwardedBy(settings.hops),
      client: { ...OPTIONS.client, compression: compressionBy(settings) },
    },
    streams: [],
    entryPoints: [
      { name: "http", scheme: "http", port: 80, selection: { kind: "hosts", hosts: plain.hosts } },
      { name: "https", scheme: "https", port: 443, selection: { kind: "hosts", hosts: secure.hosts } },
    ],
    tlsHosts: tlsHostsOf(tls, https),
    tlsNames: new Set(),
    defaultCertificate: fallbacks.size === 0 ? undefined : settings.fallback,
  };
  const routes = [...new Map([...plain.routes, ...secure.routes].map((own) => [own.route, own])).values()];
  return { table, routes, problems, statuses: proxies.statuses };
}

/** The ConfigMap with `contour.yaml`. */
function configMapOf({ configMaps }: Snapshot, { configMap }: CompileOptions): ConfigMap | undefined {
  const { namespace, name } = CONTOUR.configMap;
  const wanted = configMap ?? `${namespace}/${name}`;
  return configMaps.find(({ metadata }) => `${metadata.namespace}/${metadata.name}` === wanted);
}

const SERVER_NAME: readonly HostStep[] = [{ kind: "server-name", unknown: "closed" }];

const FALLBACK: readonly HostStep[] = [{ kind: "server-name", unknown: "served" }];

/** Equal terms are one object, by which contexts are kept. */
function termsIn(tls: ReadonlyMap<string, HostTls>): (host: string) => TlsTerms | undefined {
  const made = new Map<string, TlsTerms>();
  return (host) => {
    const own = tls.get(host);
    if (own === undefined) return undefined;
    const { clients, secret } = own;
    // Envoy's wildcard takes names of any depth, and certificates are found by one label.
    const certificate = host.startsWith("*.") ? secret : undefined;
    const protocols = protocolsOf(own);
    const key = JSON.stringify([protocols, certificate, clients]);
    const known = made.get(key) ?? { protocols, certificate, clients };
    made.set(key, known);
    return known;
  };
}

function tlsHostsOf(tls: ReadonlyMap<string, HostTls>, https: Hosts): readonly TlsHost[] {
  return [...tls].flatMap(([host, { secret, by }]): readonly TlsHost[] => {
    const [namespace = "", secretName = ""] = secret.split("/");
    return https.has(host)
      ? [{ host: host.toLowerCase(), namespace, secretName, shown: "always", ingress: by }]
      : [];
  });
}
