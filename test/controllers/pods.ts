import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { issueCertificate } from "../../certs/issue.ts";
import { newRsaKeyPair } from "../../certs/keys.ts";
import { http2Pod, PREFACE } from "./pod-http2.ts";
import { framedRequests, type PodRequest } from "./pod-request.ts";

/** A pod's last request. */
export interface Seen extends PodRequest {
  /** The pod's port on this machine. */
  readonly at: number;
}

/** Pods and an authentication service like those of the recordings. */
export interface Pods {
  /** One port per pod. */
  readonly ports: readonly number[];
  /** Of pods that speak only TLS. */
  readonly tlsPorts: readonly number[];
  /**
   * `/S` answers status S; `?h=Name:Value` adds headers; `/count/KEY` counts; `/cookie` requires `ok=1`;
   * `/hdr` requires `X-Key: good`.
   */
  readonly authPort: number;
  /** Requests since the last call, in order. */
  take(): { readonly pods: readonly Seen[]; readonly auth: readonly PodRequest[] };
  close(): void;
}

export interface PodsOptions {
  readonly tlsCount?: number;
  /** What is no HTTP gets this answer. default: none */
  readonly toOthers?: string;
  /** `all`: HTTP/2 and gRPC too, WebSockets, whose bytes come back, and `hello`, which comes back. */
  readonly protocols?: "http/1.1" | "all";
}

interface Reply {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
}

export async function startPods(
  count: number,
  { tlsCount = 0, toOthers = "", protocols = "http/1.1" }: PodsOptions = {},
): Promise<Pods> {
  let seen: Seen[] = [];
  let asked: PodRequest[] = [];
  const counts = new Map<string, number>();
  const tries = new Map<string, number>();
  const pod = (request: PodRequest, at: number) => {
    seen.push({ ...request, at });
    if (/^\/check\/\d/.test(request.target)) return checkReply(request);
    const id = request.low.get("x-request-id") ?? "";
    const before = tries.get(id) ?? 0;
    if (request.low.has("x-want-fail")) tries.set(id, before + 1);
    return podReply(request, at, before);
  };
  const servers = await Promise.all(
    Array.from({ length: count }, () => listen(pod, { toOthers, protocols })),
  );
  const pair = tlsCount === 0 ? undefined : await selfSigned();
  const tlsServers = await Promise.all(
    Array.from({ length: tlsCount }, () => listen(pod, { tls: pair, protocols })),
  );
  const auth = await listen((request) => {
    asked.push(request);
    return authReply(request, counts);
  });
  return {
    ports: servers.map(({ port }) => port),
    tlsPorts: tlsServers.map(({ port }) => port),
    authPort: auth.port,
    take() {
      const taken = { pods: seen, auth: asked };
      seen = [];
      asked = [];
      return taken;
    },
    close() {
      for (const { close } of [...servers, ...tlsServers, auth]) close();
    },
  };
}

/**
 * `X-Want-Status: 404`, `X-Want-Headers: A: b|C: d` and `X-Want-Delay: 2.5` (s) control a pod's answer; with
 * `X-Want-Fail: 500*2` the first tries of a request fail with this status, or with none (`close*1`).
 */
function podReply(
  { method, target, headers, low, bodyBytes }: PodRequest,
  at: number,
  failed: number,
): Reply {
  const [how = "", many = 0] = (low.get("x-want-fail") ?? "").split("*");
  const isFailed = failed < Number(many);
  if (isFailed && how === "close") return CLOSED;
  const extra = (low.get("x-want-headers") ?? "").split("|").filter((line) => line !== "");
  const status = Number(isFailed ? how : (low.get("x-want-status") ?? 200));
  const own =
    status === 101
      ? [`Upgrade: ${low.get("upgrade") ?? ""}`, "Connection: Upgrade"]
      : ["Content-Type: application/json"];
  return {
    status,
    headers: [...own, "X-Backend: 1", ...extra],
    body: JSON.stringify({ at: `127.0.0.1:${at}`, method, target, headers, body: bodyBytes }),
  };
}

/** The pod closes its connection without an answer. */
const CLOSED: Reply = { status: 0, headers: [], body: "" };

/** `/check/S` answers status S; `?h=A:b|C:d` adds headers; `?saw=1` tells what was asked. */
function checkReply({ method, target, headers, bodyBytes }: PodRequest): Reply {
  const url = new URL(target, "http://pod.test");
  const status = Number(url.pathname.split("/")[2]);
  const extra = (url.searchParams.get("h") ?? "").split("|").filter((line) => line !== "");
  if (url.searchParams.has("saw")) {
    const seen = headers.filter(([name]) => !/^(user-agent|accept-encoding)$/i.test(name));
    const text = JSON.stringify({ method, target, headers: Object.fromEntries(seen), body: bodyBytes });
    extra.push(`X-Saw: ${text}`);
  }
  const lines = extra.map((line) => line.replace(/:\s*/, ": "));
  return { status, headers: ["Content-Type: text/plain", ...lines], body: `auth says ${status}` };
}

interface Pair {
  readonly cert: string;
  readonly key: string;
}

async function selfSigned(): Promise<Pair> {
  const hosts = ["pod.test"];
  const made = await issueCertificate({
    hosts,
    commonName: "pod.test",
    now: new Date(),
    keyPair: await newRsaKeyPair(),
  });
  return { cert: made.certPem, key: made.keyPem };
}

function authReply({ method, target, low }: PodRequest, counts: Map<string, number>): Reply {
  const url = new URL(target, "http://auth.test");
  const [, first = ""] = url.pathname.split("/");
  const extra = url.searchParams
    .getAll("h")
    .filter((header) => header.includes(":"))
    .map((header) => header.replace(/:\s*/, ": "));
  let status = 200;
  if (/^\d+$/.test(first)) status = Number(first);
  else if (first === "count") {
    counts.set(target, (counts.get(target) ?? 0) + 1);
    extra.push(`X-Auth-Count: ${counts.get(target)}`);
  } else if (first === "cookie") status = low.get("cookie")?.includes("ok=1") ? 200 : 401;
  else if (first === "hdr") status = low.get("x-key") === "good" ? 200 : 403;
  extra.push(`X-Saw-Url: ${low.get("x-original-url") ?? ""}`);
  extra.push(`X-Saw-Method: ${method} ${low.get("x-original-method") ?? ""}`);
  if (status === 302) extra.push("Location: http://login.test/x");
  return { status, headers: ["Content-Type: text/plain", ...extra], body: "said\n" };
}

/** A greeting that is no HTTP. */
export const HELLO = "hello";

async function listen(
  reply: (request: PodRequest, at: number) => Reply,
  {
    tls,
    toOthers = "",
    protocols = "http/1.1",
  }: Omit<PodsOptions, "tlsCount"> & { readonly tls?: Pair | undefined } = {},
): Promise<{ readonly port: number; close(): void }> {
  const sockets = new Set<Socket>();
  let port = 0;
  const taken = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => sockets.delete(socket));
    if (protocols === "http/1.1") http1(socket);
    else
      socket.once("readable", () => {
        const first: Buffer | null = socket.read();
        if (first === null) return;
        const text = first.toString("latin1");
        if (text === HELLO) {
          reply({ method: "", target: HELLO, headers: [], low: new Map(), bodyBytes: 0 }, port);
          socket.end(first);
          return;
        }
        socket.unshift(first);
        if (text.startsWith(PREFACE)) http2.emit("connection", socket);
        else http1(socket);
      });
  };
  const http1 = (socket: Socket) => {
    framedRequests(
      socket,
      (request) => {
        const { status, headers, body } = reply(request, port);
        if (protocols === "all" && request.low.get("upgrade")?.toLowerCase() === "websocket") {
          socket.removeAllListeners("data");
          socket.write(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
          );
          socket.pipe(socket);
          return;
        }
        const lines = [`HTTP/1.1 ${status} Said`, ...headers, `Content-Length: ${Buffer.byteLength(body)}`];
        const answer = () => {
          if (status === 0) {
            socket.destroy();
            return;
          }
          socket.write(`${lines.join("\r\n")}\r\n\r\n${request.method === "HEAD" ? "" : body}`, "latin1");
          if (request.low.get("connection")?.toLowerCase() === "close") socket.end();
        };
        if (request.low.has("x-want-close")) {
          socket.destroy();
          return;
        }
        const delayMs = Number(request.low.get("x-want-delay") ?? 0) * 1_000;
        if (delayMs > 0) setTimeout(answer, delayMs);
        else answer();
      },
      toOthers,
    );
    socket.resume();
  };
  const http2 = http2Pod((request) => reply(request, port));
  const server: Server = tls === undefined ? createServer(taken) : createTlsServer(tls, taken);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a pod has no port");
  port = address.port;
  return {
    port,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      http2.close();
    },
  };
}
