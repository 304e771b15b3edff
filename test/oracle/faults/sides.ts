import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_ROUTE_SETTINGS } from "../../../src/compile/ingress-nginx/settings.ts";
import { startProxy } from "../../../src/proxy/proxy.ts";
import { routeWith, testContext, upstreamAt } from "../../proxy/support.ts";
import { MODULES } from "../nginx.ts";

/** One of the two that are asked: where, and how it is ended. The backend for `/N` listens on the N-th port. */
export interface Side {
  readonly port: number;
  close(): Promise<void>;
}

/** Of a connection, and between two reads; the controller's are 5 s and 60 s. */
const TIMEOUT_MS = 400;

/** ingress-dev with `--exact`, as it serves an Ingress without annotations. */
export async function openIngressDev(ports: readonly number[]): Promise<Side> {
  const { nextUpstream, buffers } = DEFAULT_ROUTE_SETTINGS;
  const timeouts = { connectTimeoutMs: TIMEOUT_MS, readTimeoutMs: TIMEOUT_MS, sendTimeoutMs: TIMEOUT_MS };
  const routes = ports.map((port) => ({
    upstream: upstreamAt(port),
    route: {
      ...routeWith({ ...DEFAULT_ROUTE_SETTINGS, ...timeouts, nextUpstream, buffers }),
      backend: { namespace: "default", service: `s${port}`, port: { number: port } },
    },
  }));
  const proxy = await startProxy({
    ...{ bind: "127.0.0.1", httpPort: 0, httpsPort: 0, exact: "exact" },
    decide: ({ target }) => {
      const found = routes[Number(target.slice(1))];
      if (found === undefined) return { kind: "respond", status: 404, why: [] };
      const { route } = found;
      return { kind: "forward", route, backend: route.backend, upstreamPath: target, why: [] };
    },
    resolve: (backend) => {
      const found = routes.find(({ route }) => route.backend.service === backend.service);
      return found === undefined ? { kind: "none", why: "" } : { kind: "upstream", upstream: found.upstream };
    },
    noEndpoints: () => undefined,
    secureContext: () => testContext("a.test"),
    onHit: () => undefined,
    onUpstream: () => undefined,
  });
  return { port: proxy.http.port, close: () => proxy.close(0) };
}

/**
 * nginx as the controller configures it (nginx.tmpl, from `upstream upstream_balancer` on; balancer.lua, `balance`): each
 * endpoint may be tried again, three times in all, for `error` and `timeout`.
 */
export async function openNginx(ports: readonly number[]): Promise<Side> {
  const folder = mkdtempSync(join(tmpdir(), "ingress-dev-faults-"));
  const port = await freePort();
  const file = join(folder, "nginx.conf");
  writeFileSync(file, configuration(folder, port, ports));
  const nginx = spawn("nginx", ["-p", folder, "-c", file, "-e", "stderr"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let words = "";
  nginx.stderr.setEncoding("utf8").on("data", (text: string) => {
    words += text;
  });
  const ended = once(nginx, "close");
  while (!(await listens(port)))
    if (nginx.exitCode !== null) throw new Error(`nginx does not start: ${words}`);
  return {
    port,
    close: async () => {
      nginx.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, port: number, ports: readonly number[]): string {
  const upstreams = ports.map(
    (to, index) => `
  upstream u${index} {
    server 0.0.0.1;
    balancer_by_lua_block {
      local balancer = require "ngx.balancer"
      balancer.set_more_tries(1)
      balancer.set_current_peer("127.0.0.1", ${to})
    }
    keepalive 320;
    keepalive_timeout 60s;
  }`,
  );
  const locations = ports.map((_, index) => `    location = /${index} { proxy_pass http://u${index}; }`);
  return `
load_module ${MODULES}/ndk_http_module.so;
load_module ${MODULES}/ngx_http_lua_module.so;
load_module ${MODULES}/ngx_http_headers_more_filter_module.so;
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr emerg;
events { worker_connections 2048; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  default_type text/html;
  server_tokens off;
  more_clear_headers Server;
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  proxy_http_version 1.1;
  proxy_set_header Host $http_host;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $connection_upgrade;
  proxy_connect_timeout ${TIMEOUT_MS}ms;
  proxy_read_timeout ${TIMEOUT_MS}ms;
  proxy_send_timeout ${TIMEOUT_MS}ms;
  proxy_buffering off;
  proxy_buffer_size 4k;
  proxy_buffers 4 4k;
  proxy_request_buffering on;
  proxy_redirect off;
  proxy_next_upstream error timeout;
  proxy_next_upstream_timeout 0;
  proxy_next_upstream_tries 3;
${upstreams.join("\n")}
  server {
    listen 127.0.0.1:${port};
${locations.join("\n")}
  }
}
`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(port, "127.0.0.1");
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", () => setTimeout(() => resolve(false), 5));
  });
}
