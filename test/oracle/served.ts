import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MODULES } from "./nginx.ts";

/** One of the two compared servers: its address, and how to stop it. */
export interface Side {
  readonly port: number;
  close(): Promise<void>;
}

/** Configuration in addition to every test nginx's own. */
export interface Special {
  /** Names of `.so` files without extension. */
  readonly modules: readonly string[];
  /** The rest of the `http` block, servers included. */
  readonly http: string;
}

/** Starts an nginx on a free loopback port; resolves once it listens. */
export async function serveNginx(special: (port: number) => Special): Promise<Side> {
  const folder = mkdtempSync(join(tmpdir(), "ingress-dev-nginx-"));
  const port = await freePort();
  const file = join(folder, "nginx.conf");
  writeFileSync(file, configuration(folder, special(port)));
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

function configuration(folder: string, { modules, http }: Special): string {
  return `
${modules.map((name) => `load_module ${MODULES}/${name}.so;`).join("\n")}
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
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $connection_upgrade;
  proxy_buffering off;
  proxy_request_buffering on;
  proxy_redirect off;
${http}
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
