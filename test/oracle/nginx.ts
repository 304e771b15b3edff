import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Surroundings } from "./template.ts";

/** Debian's folder for dynamic modules. */
export const MODULES = "/usr/lib/nginx/modules";
const SELF_SIGNED = "req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1".split(" ");
const NEEDED = ["ndk_http_module", "ngx_http_lua_module", "ngx_http_headers_more_filter_module"];

/** The version of an nginx with the required modules; `undefined` without one. */
export function nginxVersion(): string | undefined {
  const { stderr } = spawnSync("nginx", ["-v"], { encoding: "utf8" });
  const version = /nginx\/(\S+)/.exec(stderr ?? "")?.[1];
  return NEEDED.every((name) => existsSync(join(MODULES, `${name}.so`))) ? version : undefined;
}

/** A folder with configurations and a certificate, and the backend of all configurations. */
export interface Workshop extends Surroundings {
  close(): Promise<void>;
}

/** A running nginx, or its `[emerg]` words. */
export type Running =
  | { readonly kind: "running"; stop(): Promise<void> }
  | { readonly kind: "refused"; readonly why: string };

export async function openWorkshop(): Promise<Workshop> {
  const folder = mkdtempSync(join(tmpdir(), "ingress-dev-oracle-"));
  const at = (name: string) => join(folder, name);
  const pair = ["-keyout", at("key.pem"), "-out", at("cert.pem"), "-subj", "/CN=oracle"];
  execFileSync("openssl", [...SELF_SIGNED, ...pair], { stdio: "ignore" });
  const backend = await startBackend(at("backend.sock"));
  return {
    folder,
    http: at("http.sock"),
    https: at("https.sock"),
    backend: at("backend.sock"),
    certificate: at("cert.pem"),
    key: at("key.pem"),
    modules: MODULES,
    close: async () => {
      await backend.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves once nginx answers or has ended. */
export async function startNginx(configuration: string, around: Surroundings): Promise<Running> {
  const file = join(around.folder, "nginx.conf");
  writeFileSync(file, configuration);
  for (const listener of [around.http, around.https])
    if (listener.startsWith("/")) rmSync(listener, { force: true });
  const nginx = spawn("nginx", ["-p", around.folder, "-c", file, "-e", "stderr"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let words = "";
  nginx.stderr.setEncoding("utf8").on("data", (text: string) => {
    words += text;
  });
  const ended = once(nginx, "close").then(() => "ended" as const);
  while ((await Promise.race([ended, answers(around.https)])) === "silent");
  if (nginx.exitCode !== null || nginx.signalCode !== null)
    return { kind: "refused", why: /\[emerg\] (.*)/.exec(words)?.[1] ?? words };
  return { kind: "running", stop: () => stop(nginx, ended) };
}

async function stop(nginx: ChildProcess, ended: Promise<unknown>): Promise<void> {
  nginx.kill("SIGKILL");
  await ended;
}

function answers(listener: string): Promise<"answers" | "silent"> {
  return new Promise((resolve) => {
    const [host, port] = listener.split(":");
    const probe = port === undefined ? connect(listener) : connect(Number(port), host);
    const say = (what: "answers" | "silent") => {
      probe.destroy();
      resolve(what);
    };
    probe.once("connect", () => say("answers"));
    probe.once("error", () => setTimeout(() => say("silent"), 1));
  });
}

/**
 * nginx's backend. It returns the received head byte for byte in a header, and 404 for the controller's
 * default backend. An HTTP server would refuse part of what nginx sends.
 */
async function startBackend(path: string): Promise<{ close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
        const head = text.slice(0, end + 4);
        const status = /\r\nX-Oracle-Backend: \S/.test(head) ? "200 OK" : "404 Not Found";
        text = text.slice(head.length);
        const received = Buffer.from(head, "latin1").toString("base64");
        socket.write(`HTTP/1.1 ${status}\r\nX-Oracle: ${received}\r\nContent-Length: 0\r\n\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
