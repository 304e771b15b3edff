import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { match } from "../../../src/match/match.ts";
import { startProxy } from "../../../src/proxy/proxy.ts";
import { testContext, upstreamAt } from "../../proxy/support.ts";
import { compileCase } from "../../support/compiled-case.ts";
import { MODULES } from "../nginx.ts";

/** One of the two that are asked. */
export interface Side {
  readonly port: number;
  close(): Promise<void>;
}

const MANIFEST = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec:
  ingressClassName: nginx
  rules:
    - host: a.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`;

/** ingress-dev with `--exact`, for every path of `a.test`. */
export async function openIngressDev(backend: number): Promise<Side> {
  const compiled = compileCase([{ file: "web.yaml", text: MANIFEST }], {
    controller: "ingress-nginx",
    ingressClasses: ["nginx"],
    exact: true,
    echo: true,
  });
  const proxy = await startProxy({
    ...{ bind: "127.0.0.1", httpPort: 0, httpsPort: 0, exact: "exact" },
    decide: (facts) => match(compiled.table, facts),
    resolve: () => ({ kind: "upstream", upstream: upstreamAt(backend) }),
    noEndpoints: () => undefined,
    secureContext: () => testContext("a.test"),
    onHit: () => undefined,
    onUpstream: () => undefined,
  });
  const close = async () => {
    await proxy.close(0);
    await compiled.close();
  };
  return { port: proxy.http.port, close };
}

/** nginx, with what the controller's template says of reading requests, and a server for the same host. */
export async function openNginx(backend: number): Promise<Side> {
  const folder = mkdtempSync(join(tmpdir(), "ingress-dev-raw-"));
  const port = await freePort();
  const file = join(folder, "nginx.conf");
  writeFileSync(file, configuration(folder, port, backend));
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

function configuration(folder: string, port: number, backend: number): string {
  return `
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
  client_header_buffer_size 1k;
  large_client_header_buffers 4 8k;
  ignore_invalid_headers on;
  underscores_in_headers off;
  client_max_body_size 1m;
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  map $http_host $best_http_host { default $http_host; '' $host; }
  proxy_http_version 1.1;
  proxy_set_header Host $best_http_host;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $connection_upgrade;
  proxy_set_header X-Original-Forwarded-For $http_x_forwarded_for;
  proxy_set_header Proxy "";
  proxy_buffering off;
  proxy_request_buffering on;
  proxy_redirect off;
  upstream backend { server 127.0.0.1:${backend}; keepalive 320; }
  server { listen 127.0.0.1:${port} default_server; server_name _; location / { return 404; } }
  server { listen 127.0.0.1:${port}; server_name a.test; location / { proxy_pass http://backend; } }
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
