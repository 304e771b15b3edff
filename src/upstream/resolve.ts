import type { Ingress } from "../model/resource.ts";
import type { Balancing } from "../model/route/balancing.ts";
import type { BackendProtocol } from "../model/route/transport.ts";
import type { Backend } from "../model/route.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Resolution, Resolve } from "../model/upstream.ts";
import { byServing, haveSameServices, indexInSteps } from "../service/index.ts";
import { portText } from "../service/port.ts";
import { atOnce, type Steps } from "../steps.ts";
import { choose } from "./choose.ts";
import { type Destination, type DestinationContext, destinationOf } from "./destination.ts";
import type { EchoService } from "./echo.ts";
import { podKey, podKeyOf, servingPods } from "./endpoints.ts";
import type { ServiceMap } from "./map.ts";
import { createPodUpstreams } from "./pod-upstreams.ts";
import type { PodForwards } from "./port-forward/forwards.ts";
import { NO_CHOICE, type RandomAndTime } from "./rotation.ts";
import { type Rotations, rotationsTo, rotationsWith } from "./rotations.ts";
import { createServiceAddresses } from "./service-address.ts";
import { createUpstreams, type Upstreams } from "./upstreams.ts";

export interface Resolver {
  /**
   * Chooses a request's upstream: round robin over a backend's pods, shared by all its routes. An Upstream
   * stays the same object with the same name while it is in use, over updates too. Never throws.
   */
  readonly resolve: Resolve;
  /**
   * The reason why a backend has no upstream now; `undefined` if it has one. Does not advance the rotation.
   */
  noEndpoints(backend: Backend, protocol: BackendProtocol): string | undefined;
  /** A backend's targets for people: `echo/web-0, echo/web-1`, `127.0.0.1:3000`, `<no endpoints>`. */
  describe(backend: Backend): string;
  /** `describe` as it is now, whatever is updated later. */
  describer(): Resolver["describe"];
  update(snapshot: Snapshot): void;
  /**
   * Prepares an update in steps, and returns the function that carries it out. While Services and their endpoints are
   * the same, rotations go on.
   */
  prepare(snapshot: Snapshot): Steps<() => void>;
  /** Closes the echo service and the port-forwards, with all connections to their pods. */
  close(): Promise<void>;
}

/** Derived from one snapshot. Replaced, never patched; rotations are added on demand. */
interface View {
  readonly destination: (backend: Backend) => Destination;
  readonly byKey: Map<string, Rotations>;
  /** By identity, so that a request for a known Backend makes no string. */
  readonly byBackend: WeakMap<Backend, Rotations>;
  /** Ingresses whose upstreams have names. */
  readonly named: WeakSet<Ingress>;
}

/** Never asked: without the echo service no backend resolves to echo pods. */
const NO_ECHO: Pick<EchoService, "open" | "answer"> = { open: nobody, answer: nobody };

function nobody(): never {
  throw new Error("there is no echo service (--no-echo)");
}

/** As in `kubectl describe`. */
const MOST_NAMES = 3;

/**
 * Resolves a backend to the first that applies: a map, an ExternalName, a ready pod or the echo service, none
 * (503).
 *
 * `forwards`: pods of the cluster that is read. Without it, `echo: undefined` is `--no-echo`: a Service
 * without a target has no endpoints.
 */
export function createResolver(options: {
  readonly snapshot: Snapshot;
  readonly maps: readonly ServiceMap[];
  readonly echo: EchoService | undefined;
  readonly forwards?: PodForwards | undefined;
  /** `--exact`. */
  readonly exact?: boolean | undefined;
  /** The condition of endpoints that the controller looks at. default: ready */
  readonly endpoints?: "serving" | undefined;
  /** For choices and session cookies. */
  readonly sources?: RandomAndTime;
}): Resolver {
  const { maps, echo, forwards, exact, sources = { random: Math.random, now: Date.now } } = options;
  const addresses = createServiceAddresses();
  const upstreams = createUpstreams(echo ?? NO_ECHO);
  const cluster = forwards && createPodUpstreams(forwards);
  const pods = cluster !== undefined ? "cluster" : echo === undefined ? "none" : "echo";
  const externalAddresses = exact === true ? "useless" : "asked";
  function* viewOf(snapshot: Snapshot): Steps<View> {
    const known = yield* indexInSteps(snapshot);
    const index = options.endpoints === "serving" ? byServing(known) : known;
    return openView({ index, maps, pods, externalAddresses });
  }
  let shown = options.snapshot;
  let view = atOnce(viewOf(shown));
  atOnce(claimNames(shown, view, upstreams));

  function rotationsOf(backend: Backend, { byBackend, byKey, destination }: View = view): Rotations {
    const known = byBackend.get(backend);
    if (known !== undefined) return known;
    const { removed, endpoints } = backend.balancing ?? {};
    if (removed !== undefined) return rotationsTo({ kind: "none", why: removed }, upstreams, cluster);
    const key = `${keyOf(backend)} ${endpoints ?? "pods"}`;
    const rotations = byKey.get(key) ?? rotationsFor(backend, endpoints, destination);
    byKey.set(key, rotations);
    byBackend.set(backend, rotations);
    return rotations;
  }

  function rotationsFor(
    backend: Backend,
    endpoints: Balancing["endpoints"] | undefined,
    destination: View["destination"],
  ): Rotations {
    const rotations = rotationsTo(destination(backend), upstreams, cluster);
    if (endpoints !== "service") return rotations;
    return rotationsWith(rotations, (choices) => addresses.of(`service/${keyOf(backend)}`, choices));
  }

  function* prepare(snapshot: Snapshot): Steps<() => void> {
    const isSame = haveSameServices(shown, snapshot);
    const next = isSame ? view : yield* viewOf(snapshot);
    yield* claimNames(snapshot, next, upstreams);
    return () => {
      [shown, view] = [snapshot, next];
      if (isSame) return;
      cluster?.keep(servingPods(snapshot));
      const present = new Set(snapshot.pods.map(podKeyOf));
      forwards?.keep((to) => to.uid === "" || present.has(podKey(to)));
    };
  }

  return {
    resolve: (backend, protocol, options) => choose(rotationsOf(backend).by(protocol), options, sources),
    noEndpoints: (backend, protocol) => {
      const { choices, next } = rotationsOf(backend).by(protocol);
      const choice = choices[next] ?? NO_CHOICE;
      return choice.kind === "none" ? choice.why : undefined;
    },
    describe: (backend) => describe(rotationsOf(backend).by("HTTP").choices),
    describer: () => {
      const now = view;
      return (backend) => describe(rotationsOf(backend, now).by("HTTP").choices);
    },
    update: (snapshot) => atOnce(prepare(snapshot))(),
    prepare,
    close: async () => {
      forwards?.close();
      await echo?.close();
    },
  };
}

function openView(around: DestinationContext): View {
  const destinations = new Map<string, Destination>();
  function destination(backend: Backend): Destination {
    const key = keyOf(backend);
    const known = destinations.get(key) ?? destinationOf(backend, around);
    destinations.set(key, known);
    return known;
  }
  return { destination, byKey: new Map(), byBackend: new WeakMap(), named: new WeakSet() };
}

/** Assigns names in the order of the Ingresses, so that they do not depend on the first request. */
function* claimNames(
  { ingresses }: Snapshot,
  { destination, named }: View,
  upstreams: Upstreams,
): Steps<void> {
  for (const ingress of ingresses) {
    if (!named.has(ingress))
      for (const backend of backendsOf(ingress)) {
        const found = destination(backend);
        if (found.kind === "pods") upstreams.claim(found);
      }
    named.add(ingress);
    yield;
  }
}

function* backendsOf({ metadata, spec }: Ingress): Iterable<Backend> {
  const paths = spec.rules.flatMap((rule) => rule.paths ?? []).map((path) => path.backend);
  for (const backend of spec.defaultBackend === undefined ? paths : [spec.defaultBackend, ...paths]) {
    if (backend.kind !== "service") continue;
    yield { namespace: metadata.namespace, service: backend.name, port: backend.port };
  }
}

function describe(choices: readonly Resolution[]): string {
  const names = choices.flatMap((choice) => (choice.kind === "upstream" ? [choice.upstream.name] : []));
  if (names.length === 0) return "<no endpoints>";
  const shown = names.slice(0, MOST_NAMES).join(", ");
  return names.length > MOST_NAMES ? `${shown} + ${names.length - MOST_NAMES} more...` : shown;
}

function keyOf({ namespace, service, port }: Backend): string {
  return `${namespace}/${service}:${portText(port)}`;
}
