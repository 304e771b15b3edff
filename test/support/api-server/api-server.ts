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
import { type CustomDefinition, customType, resourceTypes } from "./resource-type.ts";
import { serve } from "./serve.ts";
import { Store } from "./store.ts";
import type { World } from "./world.ts";

export interface ApiServerOptions {
  /** https with an authority of its own (see `kubeconfig`, `ca`). */
  readonly tls?: boolean;
  /** Accepts only this token. */
  readonly token?: string;
  /** Accepts only the client certificate of `kubeconfig`; implies `tls`. */
  readonly clientCertificate?: boolean;
  /** The caller's name in reviews and refusals. default: `dev` */
  readonly user?: string;
  /** Denied permissions. */
  readonly deny?: readonly DenyRule[];
  /** Groups that old clusters serve only as `v1beta1`: `["networking.k8s.io"]`. */
  readonly onlyV1beta1?: readonly string[];
  /** Further kinds. */
  readonly definitions?: readonly CustomDefinition[];
  /** `gitVersion`. default: `v1.33.0` */
  readonly version?: string;
  /** `false` refuses `sendInitialEvents` with 422. default: true */
  readonly watchList?: boolean;
  /** Subprotocols of port-forward by WebSocket, preferred first. default: the kubelet's, kubectl's tunnel for SPDY and `v4.channel.k8s.io` */
  readonly portForwardProtocols?: readonly string[];
  /** default: 0, a free one */
  readonly port?: number;
  readonly now?: () => Date;
}

/** A Kubernetes API server in memory, on the loopback. */
export interface ApiServer {
  /** `http://127.0.0.1:PORT`, or https. */
  readonly url: string;
  /** The authority of the server's certificate (PEM), with `tls`. */
  readonly ca: string | undefined;
  /** A kubeconfig of this server, with the right token or certificate. */
  kubeconfig(options?: KubeconfigOptions): string;
  /** Creates or replaces an object, status included, and notifies watchers. */
  apply(object: KubeObject): KubeObject;
  /** Removes an existing object; a Pod's port-forwards end. */
  remove(kind: string, namespace: string, name: string): void;
  get(kind: string, namespace: string, name: string): KubeObject | undefined;
  /** Brings a further kind. */
  define(definition: CustomDefinition): void;
  /** Takes a kind away with its objects, and ends its watches. */
  undefine(kind: string): void;
  /** The real listeners behind pods' ports; without one a port-forward fails as for a closed port. */
  servePod(namespace: string, pod: string, port: number, target: Address): void;
  /** All requests, in order of arrival. */
  readonly requests: readonly ApiRequest[];
  /** The number of running watches and port-forwards. */
  readonly running: readonly ApiRequest[];
  /** The number of open connections. */
  readonly connections: number;
  /** Adds a fault; returns the function that lifts it. */
  fault(fault: Fault): () => void;
  /** Denies a permission; returns the function that restores it. */
  deny(rule: DenyRule): () => void;
  /** Accepts only this token from now on. */
  acceptToken(token: string): void;
  /** Forgets the past: earlier watches and `continue` tokens answer 410. */
  compact(): void;
  /** Sends a bookmark to each watch that allows them. */
  bookmark(): void;
  close(): Promise<void>;
}

/** Namespaces of every cluster. */
const NAMESPACES = ["default", "kube-node-lease", "kube-public", "kube-system"];

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
    define: (definition) => void world.types.push(customType(definition)),
    undefine: (kind) => objects.undefine(kind),
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

/** Releases the port; returns the function that takes it again. */
function down(listener: Listener): () => void {
  const shut = listener.shut();
  return () => void shut.then(() => listener.open());
}

function worldOf(options: ApiServerOptions): World {
  return {
    store: new Store(),
    types: [...resourceTypes(options.onlyV1beta1), ...(options.definitions ?? []).map(customType)],
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
