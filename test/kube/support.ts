import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer, type ServerOptions } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { issueCertificate } from "../../certs/issue.ts";
import { newRsaKeyPair } from "../../certs/keys.ts";
import { connect } from "../../src/kube/connect.ts";
import { chooseContext } from "../../src/kube/context.ts";
import { readKubeConfig } from "../../src/kube/kubeconfig.ts";
import { API_LIMITS, type ApiLimits } from "../../src/kube/limits.ts";
import type { ApiConnection } from "../../src/model/cluster.ts";

/** A folder for one test. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "ingress-dev-kube-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

const pairs = new Map<string, ReturnType<typeof newPair>>();

async function newPair(host: string): Promise<{ readonly cert: string; readonly key: string }> {
  const keyPair = await newRsaKeyPair();
  const { certPem, keyPem } = await issueCertificate({
    hosts: [host],
    commonName: host,
    now: new Date(),
    keyPair,
  });
  return { cert: certPem, key: keyPem };
}

/** A self-signed certificate and its key (PEM), the same for each host. */
export function pair(host: string): ReturnType<typeof newPair> {
  const made = pairs.get(host) ?? newPair(host);
  pairs.set(host, made);
  return made;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A test's server and its open sockets. */
export interface TestServer {
  readonly server: Server;
  readonly port: number;
  readonly sockets: ReadonlySet<Socket>;
}

/** Starts a server on a free port; it ends with the test. */
export async function tracked(server: Server): Promise<TestServer> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { server, port: (server.address() as AddressInfo).port, sockets };
}

export const httpServer = (handler: Handler) => tracked(createHttpServer(handler));
export const httpsServer = (options: ServerOptions, handler: Handler) =>
  tracked(createHttpsServer(options, handler));

/** Accepts connections and stays silent, like a sleeping computer. */
export async function silentServer(): Promise<TestServer> {
  return tracked(createTcpServer((socket) => socket.resume()) as Server);
}

/** A connection by a test's kubeconfig. */
export interface TestConnection {
  readonly connection: ApiConnection;
  /** Rewrites the kubeconfig. */
  readonly rewrite: (cluster: object, user: object) => void;
  readonly file: string;
}

interface ConnectionOptions {
  readonly limits?: Partial<ApiLimits>;
  readonly env?: Record<string, string>;
  readonly now?: () => number;
}

export async function connectTo(file: string, options: ConnectionOptions = {}): Promise<ApiConnection> {
  const place = { file, env: { ...process.env, ...options.env } };
  const chosen = chooseContext(await readKubeConfig(place), undefined);
  const limits = { ...API_LIMITS, ...options.limits };
  const opened = connect(chosen, { place, limits, now: options.now });
  onTestFinished(() => opened.close());
  return opened;
}

/** Writes a kubeconfig of one context (`minikube`) and connects. */
export async function connection(
  cluster: object,
  user: object,
  options: ConnectionOptions = {},
): Promise<TestConnection> {
  const file = join(scratch(), "config");
  const rewrite: TestConnection["rewrite"] = (cluster, user) =>
    writeFileSync(
      file,
      JSON.stringify({
        "current-context": "minikube",
        clusters: [{ name: "c", cluster }],
        users: [{ name: "u", user }],
        contexts: [{ name: "minikube", context: { cluster: "c", user: "u", namespace: "shop" } }],
      }),
    );
  rewrite(cluster, user);
  return { connection: await connectTo(file, options), rewrite, file };
}
