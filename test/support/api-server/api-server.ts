import type { IncomingMessage } from "node:http";
import { Access, type DenyRule } from "./access.ts";
import { makeCertificates } from "./certificate.ts";
import { Credentials } from "./credentials.ts";
import { type Fault, Faults } from "./fault.ts";
import { type KubeconfigOptions, kubeconfig, rightUser } from "./kubeconfig.ts";
import { type Handlers, Listener } from "./listener.ts";
import type { KubeObject } from "./object.ts";
import { endForwardsOfLostPods, Objects } from "./objects.ts";
import { type Address, ServedPods } from "./port-forward/served-pods.ts";
import { upgrade } from "./port-forward/upgrade.ts";
import { type ApiRequest, readRequest } from "./request.ts";
import { resourceTypes } from "./resource-type.ts";
import { serve } from "./serve.ts";
import { Store } from "./store.ts";
import type { World } from "./world.ts";

/** How a server is to be; everything has a default. */
export interface ApiServerOptions {
  /** https with an authority of its own (see `kubeconfig`, `ca`). */
  readonly tls?: boolean;
  /** Let in only with this token. */
  readonly token?: string;
  /** Let in only with the client certificate of `kubeconfig`; implies `tls`. */
  readonly clientCertificate?: boolean;
  /** Who the caller is, in reviews and refusals; `dev` if left out. */
  readonly user?: string;
  /** What the caller may not do. */
  readonly deny?: readonly DenyRule[];
  /** Groups served as `v1beta1` only, as by old clusters: `["networking.k8s.io"]`. */
  readonly onlyV1beta1?: readonly string[];
  /** `gitVersion`; `v1.33.0` if left out. */
  readonly version?: string;
  /** Whether `sendInitialEvents` is known (true if left out), or refused with 422. */
  readonly watchList?: boolean;
  /** Subprotocols of port-forward by WebSocket, the preferred one first. If left out, as kubelets have it: kubectl's tunnel for SPDY, and `v4.channel.k8s.io`. */
  readonly portForwardProtocols?: readonly string[];
  /** 0, the default: a free one. */
  readonly port?: number;
  readonly now?: () => Date;
}

/** A Kubernetes API server in memory, on the loopback. */
export interface ApiServer {
  /** `http://127.0.0.1:PORT`, or https. */
  readonly url: string;
  /** The authority of the server's certificate (PEM), with `tls`. */
  readonly ca: string | undefined;
  /** A kubeconfig that leads here, with the right token or certificate. */
  kubeconfig(options?: KubeconfigOptions): string;
  /** Creates or replaces an object, whatever its state was, and tells watchers. Status is taken as written. */
  apply(object: KubeObject): KubeObject;
  /** Takes an object out, if it is there; a Pod takes its port-forwards with it. */
  remove(kind: string, namespace: string, name: string): void;
  get(kind: string, namespace: string, name: string): KubeObject | undefined;
  /** Where port-forwards to a pod's port lead; without an entry they fail as if nothing listened in the pod. */
  servePod(namespace: string, pod: string, port: number, target: Address): void;
  /** Everything asked, in the order of arrival. */
  readonly requests: readonly ApiRequest[];
  /** How many watches and port-forwards are running. */
  readonly running: readonly ApiRequest[];
  /** How many connections are open. */
  readonly connections: number;
  /** Lets something go wrong; returns how to lift it. */
  fault(fault: Fault): () => void;
  /** Takes a permission away; returns how to give it back. */
  deny(rule: DenyRule): () => void;
  /** From now on this token alone is good. */
  acceptToken(token: string): void;
  /** Forgets the past: watches and `continue` tokens from before now answer 410. */
  compact(): void;
  /** Sends a bookmark to each watch that allows them. */
  bookmark(): void;
  /** Ends everything. */
  close(): Promise<void>;
}

/** Namespaces of every cluster. */
const NAMESPACES = ["default", "kube-node-lease", "kube-public", "kube-system"];

/** Starts a server; ready when the promise is. */
export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const world = worldOf(options);
  const objects = new Objects(world);
  for (const name of NAMESPACES) objects.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  endForwardsOfLostPods(world);
  const withCertificate = options.clientCertificate === true;
  const secure = options.tls === true || withCertificate;
  const certificates = secure ? makeCertificates(world.access.user, world.now()) : undefined;
  const requests: ApiRequest[] = [];
  const seen = (message: IncomingMessage) => {
    const request = readRequest(message, world.types);
    requests.push(request);
    return request;
  };
  const handlers = {
    request: (message, response) => void serve(world, seen(message), message, response),
    upgrade: (message, socket, head) => upgrade(world, seen(message), message, socket, head),
  } satisfies Handlers;
  const listener = new Listener(handlers, certificates, withCertificate ? "ask" : "no");
  await listener.open(options.port ?? 0);
  const user = rightUser(options.token, withCertificate ? certificates : undefined);
  return {
    url: listener.url,
    ca: certificates?.ca,
    requests,
    kubeconfig: (wanted) => kubeconfig(listener.url, certificates, user, wanted),
    apply: (object) => objects.apply(object),
    remove: (kind, namespace, name) => objects.remove(kind, namespace, name),
    get: (kind, namespace, name) => objects.get(kind, namespace, name),
    get running() {
      return [...world.running].map((stream) => stream.request);
    },
    get connections() {
      return listener.connections;
    },
    servePod: (namespace, pod, port, target) => world.pods.serve(namespace, pod, port, target),
    fault: (fault) => (fault.do === "down" ? down(listener) : world.faults.add(fault, world.running)),
    deny: (rule) => world.access.deny(rule),
    acceptToken: (token) => world.credentials.accept(token),
    compact: () => world.store.compact(),
    bookmark: () => {
      for (const stream of world.running) stream.bookmark?.();
    },
    close: () => listener.shut(),
  };
}

/** Gives the port up; returns how to take it again. */
function down(listener: Listener): () => void {
  const shut = listener.shut();
  return () => void shut.then(() => listener.open());
}

function worldOf(options: ApiServerOptions): World {
  return {
    store: new Store(),
    types: resourceTypes(options.onlyV1beta1),
    access: new Access(options.user ?? "dev", options.deny ?? []),
    credentials: new Credentials(options.token, options.clientCertificate === true),
    faults: new Faults(),
    pods: new ServedPods(),
    running: new Set(),
    lists: new Map(),
    applied: new Map(),
    now: options.now ?? (() => new Date()),
    version: options.version ?? "v1.33.0",
    watchList: options.watchList ?? true,
    portForwardProtocols: options.portForwardProtocols ?? [
      "SPDY/3.1+portforward.k8s.io",
      "v4.channel.k8s.io",
    ],
  };
}
