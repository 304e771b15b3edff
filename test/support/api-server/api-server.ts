import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { Access, type DenyRule } from "./access.ts";
import { admitted } from "./admit.ts";
import { makeCertificates } from "./certificate.ts";
import { Credentials } from "./credentials.ts";
import { type Fault, Faults } from "./fault.ts";
import { type KubeconfigOptions, kubeconfig, rightUser } from "./kubeconfig.ts";
import type { KubeObject } from "./object.ts";
import { type Address, ServedPods } from "./port-forward/served-pods.ts";
import { upgrade } from "./port-forward/upgrade.ts";
import { type ApiRequest, readRequest } from "./request.ts";
import { type ResourceType, resourceTypes } from "./resource-type.ts";
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
  const now = options.now ?? (() => new Date());
  const user = options.user ?? "dev";
  const certificates =
    options.tls === true || options.clientCertificate === true ? makeCertificates(user, now()) : undefined;
  const world = worldOf(options, user, now);
  const objects = objectsOf(world);
  for (const name of NAMESPACES) objects.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  const requests: ApiRequest[] = [];
  const seen = (message: IncomingMessage) => {
    const request = readRequest(message, world.types);
    requests.push(request);
    return request;
  };
  const answer = (message: IncomingMessage, response: ServerResponse) => {
    void serve(world, seen(message), message, response);
  };
  const server =
    certificates === undefined
      ? createHttpServer(answer)
      : createHttpsServer(
          {
            ...certificates.server,
            ca: certificates.ca,
            requestCert: options.clientCertificate === true,
            rejectUnauthorized: false,
          },
          answer,
        );
  server.on("upgrade", (message, socket, head) => upgrade(world, seen(message), message, socket, head));
  const sockets = new Set<Socket>();
  server.on(certificates === undefined ? "connection" : "secureConnection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host: "127.0.0.1", port }, () => {
        server.off("error", reject);
        resolve();
      });
    });
  const stop = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  await listen(options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const url = `${certificates === undefined ? "http" : "https"}://127.0.0.1:${port}`;
  return {
    url,
    ca: certificates?.ca,
    requests,
    kubeconfig: (wanted) => {
      const withCertificate = options.clientCertificate === true ? certificates : undefined;
      return kubeconfig(url, certificates, rightUser(options.token, withCertificate), wanted);
    },
    ...objects,
    get running() {
      return [...world.running].map((stream) => stream.request);
    },
    get connections() {
      return sockets.size;
    },
    servePod: (namespace, pod, portOfPod, target) => world.pods.serve(namespace, pod, portOfPod, target),
    fault: (fault) => {
      if (fault.do !== "down") return world.faults.add(fault, world.running);
      stop();
      return () => void listen(port);
    },
    deny: (rule) => world.access.deny(rule),
    acceptToken: (token) => world.credentials.accept(token),
    compact: () => world.store.compact(),
    bookmark: () => {
      for (const stream of world.running) stream.bookmark?.();
    },
    close: () =>
      new Promise((resolve) => {
        if (!server.listening) {
          stop();
          resolve();
          return;
        }
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function worldOf(options: ApiServerOptions, user: string, now: () => Date): World {
  return {
    store: new Store(),
    types: resourceTypes(options.onlyV1beta1),
    access: new Access(user, options.deny ?? []),
    credentials: new Credentials(options.token, options.clientCertificate === true),
    faults: new Faults(),
    pods: new ServedPods(),
    running: new Set(),
    lists: new Map(),
    applied: new Map(),
    now,
    version: options.version ?? "v1.33.0",
    watchList: options.watchList ?? true,
    portForwardProtocols: options.portForwardProtocols ?? [
      "SPDY/3.1+portforward.k8s.io",
      "v4.channel.k8s.io",
    ],
  };
}

/** Reading and writing the store past the protocol. */
function objectsOf(world: World): Pick<ApiServer, "apply" | "remove" | "get"> {
  const typeOf = (kind: string): ResourceType => {
    const found = world.types.find((type) => type.kind === kind);
    if (found === undefined) throw new Error(`no kind ${kind} is known to the test API server`);
    return found;
  };
  const place = (type: ResourceType, namespace: string | undefined) =>
    type.namespaced ? namespace || "default" : undefined;
  const apply = (object: KubeObject): KubeObject => {
    const type = typeOf(object.kind);
    const namespace = place(type, object.metadata.namespace);
    const { name } = object.metadata;
    if (namespace !== undefined && world.store.get(typeOf("Namespace"), undefined, namespace) === undefined) {
      apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    }
    const before = world.store.get(type, namespace, name ?? "");
    const whole = admitted(world, { type, namespace, name, subresource: undefined }, object, before);
    return structuredClone(world.store.put(type, whole, world.now()));
  };
  return {
    apply,
    remove: (kind, namespace, name) => {
      const type = typeOf(kind);
      world.store.remove(type, place(type, namespace), name);
      if (kind !== "Pod") return;
      for (const stream of [...world.running]) {
        const { target } = stream.request;
        if (target?.subresource !== "portforward" || target.name !== name) continue;
        if (target.namespace === place(type, namespace)) stream.hit({ do: "pod-killed" });
      }
    },
    get: (kind, namespace, name) => {
      const type = typeOf(kind);
      const found = world.store.get(type, place(type, namespace), name);
      return found === undefined ? undefined : structuredClone(found);
    },
  };
}
