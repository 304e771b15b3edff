import { once } from "node:events";
import { writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { type Core, cpuOf, end, isCommand, type Program, residentOf, startOn } from "./program.ts";

/**
 * The other proxies of the table; each passes all requests to one backend. All but Node's `http` add the headers of a
 * proxy.
 */
export const PEERS = ["Caddy", "nginx", "@fastify/http-proxy", "Node's http"] as const;
export type Peer = (typeof PEERS)[number];

export interface PeerOptions {
  /** Port of the backend on 127.0.0.1. */
  readonly backend: number;
  /** For configurations; removed by the caller. */
  readonly folder: string;
  readonly core: Core;
  /** PEM files of `localhost`. */
  readonly certificate: { readonly cert: string; readonly key: string };
}

const COMMANDS: Partial<Record<Peer, string>> = { Caddy: "caddy", nginx: "nginx" };

/** True if the peer's command is installed here. */
export function isInstalled(peer: Peer): boolean {
  const command = COMMANDS[peer];
  if (command === undefined) return true;
  return isCommand(command);
}

export function startPeer(peer: Peer, options: PeerOptions): Promise<Program> {
  if (peer === "Caddy") return startCaddy(options);
  return peer === "nginx" ? startNginx(options) : startNode(peer, options);
}

/** `reverse_proxy` as its documentation's quick start has it, without admin endpoint and log. */
async function startCaddy({ backend, folder, core, certificate }: PeerOptions): Promise<Program> {
  const ports = { http: await freePort(), https: await freePort() };
  const file = join(folder, "Caddyfile");
  writeFileSync(
    file,
    `{
  admin off
  auto_https off
  grace_period 1s
}
http://:${ports.http} {
  bind 127.0.0.1
  reverse_proxy 127.0.0.1:${backend}
}
https://:${ports.https} {
  bind 127.0.0.1
  tls ${certificate.cert} ${certificate.key}
  reverse_proxy 127.0.0.1:${backend}
}
`,
  );
  const child = await startOn(core, "caddy", ["run", "--config", file, "--adapter", "caddyfile"]);
  return listening("Caddy", child, ports);
}

/** `proxy_pass` with a kept-alive upstream, and the headers and the buffering of ingress-nginx. */
async function startNginx({ backend, folder, core, certificate }: PeerOptions): Promise<Program> {
  const ports = { http: await freePort(), https: await freePort() };
  const file = join(folder, "nginx.conf");
  writeFileSync(
    file,
    `daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx-error.log;
events { worker_connections 4096; }
http {
  access_log off;
  client_max_body_size 0;
  client_body_temp_path ${folder}/nginx-body;
  proxy_temp_path ${folder}/nginx-proxy;
  proxy_request_buffering off;
  keepalive_requests 1000000;
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  upstream backend { server 127.0.0.1:${backend}; keepalive 320; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${ports.http};
    listen 127.0.0.1:${ports.https} ssl http2;
    ssl_certificate ${certificate.cert};
    ssl_certificate_key ${certificate.key};
    location / {
      proxy_pass http://backend;
      proxy_buffering off;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header X-Request-ID $request_id;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
    }
  }
}
`,
  );
  const child = await startOn(core, "nginx", ["-p", folder, "-c", file]);
  return listening("nginx", child, ports);
}

/** `bench/beside/node-peer.ts` in a process of its own. */
async function startNode(peer: Peer, { backend, core }: PeerOptions): Promise<Program> {
  const script = join(import.meta.dirname, "node-peer.ts");
  const args = ["--import", "tsx", script, peer, String(backend)];
  const child = await startOn(core, process.execPath, args, ["ignore", "inherit", "inherit", "ipc"]);
  const [port] = await once(child, "message");
  return program(peer, child, { http: Number(port), https: 0 });
}

export function program(
  name: string,
  child: Awaited<ReturnType<typeof startOn>>,
  ports: Program["ports"],
): Program {
  return {
    name,
    ports,
    cpu: () => cpuOf(child.pid),
    resident: () => residentOf(child.pid),
    stop: () => end(child),
  };
}

async function listening(
  name: string,
  child: Awaited<ReturnType<typeof startOn>>,
  ports: Program["ports"],
): Promise<Program> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    if (await accepts(ports.https)) return program(name, child, ports);
    await new Promise((done) => setTimeout(done, 20));
  }
}

export function accepts(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      done(true);
    });
    socket.once("error", () => done(false));
  });
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
