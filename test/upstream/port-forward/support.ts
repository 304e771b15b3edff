import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { connect } from "../../../src/kube/connect.ts";
import { chooseContext } from "../../../src/kube/context.ts";
import { readKubeConfig } from "../../../src/kube/kubeconfig.ts";
import type { ApiConnection } from "../../../src/model/cluster.ts";
import type { Upstream } from "../../../src/model/upstream.ts";
import type { ChannelProtocol } from "../../../src/upstream/port-forward/channels.ts";
import {
  createPodForwards,
  FORWARD_LIMITS,
  type ForwardLimits,
  type PodForwards,
} from "../../../src/upstream/port-forward/forwards.ts";
import type { ForwardingApi } from "../../../src/upstream/port-forward/open.ts";
import {
  type ApiServer,
  type ApiServerOptions,
  startApiServer,
} from "../../support/api-server/api-server.ts";

/** An API server with its connection and port-forwards; ends with the test. */
export interface TestCluster {
  readonly server: ApiServer;
  readonly api: ApiConnection;
  readonly forwards: PodForwards;
  /** A pod of `default` whose port 80 leads to a local port. */
  readonly pod: (name: string, port?: number) => Upstream;
}

/** A kubeconfig for the server; removed after the test. */
export function kubeconfigFile(server: ApiServer): string {
  const folder = mkdtempSync(join(tmpdir(), "ingress-dev-forward-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "config");
  writeFileSync(file, server.kubeconfig());
  return file;
}

/** Connects by a kubeconfig, like `up`. */
async function apiConnection(server: ApiServer): Promise<ApiConnection> {
  const place = { file: kubeconfigFile(server), env: process.env };
  const api = connect(chooseContext(await readKubeConfig(place), undefined), { place });
  onTestFinished(() => api.close());
  return api;
}

export async function testCluster(
  options: ApiServerOptions = {},
  limits: Partial<ForwardLimits> = {},
): Promise<TestCluster> {
  const server = await startApiServer(options);
  onTestFinished(() => server.close());
  const api = await apiConnection(server);
  const forwards = createPodForwards(api, { ...FORWARD_LIMITS, ...limits });
  onTestFinished(() => forwards.close());
  const pod = (name: string, port?: number): Upstream => {
    server.apply({ apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "default" } });
    if (port !== undefined) server.servePod("default", name, 80, { host: "127.0.0.1", port });
    const to = { namespace: "default", pod: name, uid: "", port: 80 };
    return {
      name: `pod/${name}:80`,
      protocol: "http",
      connection: { kind: "stream", open: (signal) => forwards.open(to, signal) },
      basePath: "",
    };
  };
  return { server, api, forwards, pod };
}

/** A server that ends with the test, connections included. */
async function listening(server: Server): Promise<{ readonly port: number; readonly kill: () => void }> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const kill = () => {
    for (const socket of sockets) socket.resetAndDestroy();
    server.close();
  };
  onTestFinished(kill);
  return { port: (server.address() as AddressInfo).port, kill };
}

/** A pod's server, and how it ends. */
export interface RunningPod {
  readonly port: number;
  /** Like an HTTP server at SIGTERM: no new connections, idle ones closed. */
  readonly close: () => void;
  /** Resets every connection. */
  readonly kill: () => void;
}

export async function listeningPod(listener: RequestListener): Promise<RunningPod> {
  const server = createHttpServer(listener);
  const { port, kill } = await listening(server);
  const close = () => {
    server.close();
    server.closeIdleConnections();
  };
  return { port, kill, close };
}

/** Only its port. */
export const httpPod = async (listener: RequestListener) => (await listeningPod(listener)).port;
export const rawPod = async (talk: (socket: Socket) => void) =>
  (await listening(createTcpServer({ allowHalfOpen: true }, talk))).port;

/** Open file descriptors of this process. */
export function openDescriptors(): number {
  return readdirSync("/proc/self/fd").length;
}

/** An API server's end of a port-forward that may do anything. */
export async function oddServer(
  talk: (socket: WebSocket) => void,
  protocol: ChannelProtocol = "v4.channel.k8s.io",
): Promise<ForwardingApi> {
  const server = createHttpServer();
  const sockets = new WebSocketServer({ server, handleProtocols: () => protocol, perMessageDeflate: false });
  sockets.on("connection", (socket) => {
    socket.on("error", () => {});
    talk(socket);
  });
  const { port } = await listening(server);
  return {
    webSocket: async (path, protocols) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, [...protocols], {
        maxPayload: 1_000_000,
      });
      socket.on("error", () => {});
      await new Promise<void>((resolve) => socket.once("open", () => resolve(socket.pause())));
      return socket;
    },
  };
}

/** Sends port 80 on both channels. */
export function greet(socket: WebSocket): void {
  socket.send(Buffer.of(0, 80, 0));
  socket.send(Buffer.of(1, 80, 0));
}
