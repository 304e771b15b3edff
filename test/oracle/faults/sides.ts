import { DEFAULT_TRANSPORT } from "../../../src/compile/ingress-nginx/settings.ts";
import { startProxy } from "../../../src/proxy/proxy.ts";
import { routeWith, testContext, upstreamAt } from "../../proxy/support.ts";
import { type Side, serveNginx } from "../served.ts";

/** Connect and read timeout, long enough for a busy machine; the controller's are 5 s and 60 s. */
const TIMEOUT_MS = 1_500;

/** ingress-dev with `--exact`, for an Ingress without annotations. */
export async function openIngressDev(ports: readonly number[]): Promise<Side> {
  const timeouts = { connectTimeoutMs: TIMEOUT_MS, readTimeoutMs: TIMEOUT_MS, sendTimeoutMs: TIMEOUT_MS };
  const routes = ports.map((port) => ({
    upstream: upstreamAt(port),
    route: {
      ...routeWith({ ...DEFAULT_TRANSPORT, ...timeouts }),
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
 * nginx as the controller configures it (nginx.tmpl, from `upstream upstream_balancer` on; balancer.lua,
 * `balance`): three tries, repeated on one endpoint if necessary, for `error` and `timeout`.
 */
export function openNginx(ports: readonly number[]): Promise<Side> {
  return serveNginx((port) => ({
    modules: ["ndk_http_module", "ngx_http_lua_module", "ngx_http_headers_more_filter_module"],
    http: `
  proxy_set_header Host $http_host;
  proxy_connect_timeout ${TIMEOUT_MS}ms;
  proxy_read_timeout ${TIMEOUT_MS}ms;
  proxy_send_timeout ${TIMEOUT_MS}ms;
  proxy_buffer_size 4k;
  proxy_buffers 4 4k;
  proxy_next_upstream error timeout;
  proxy_next_upstream_timeout 0;
  proxy_next_upstream_tries 3;
${ports.map(upstreamBlock).join("\n")}
  server {
    listen 127.0.0.1:${port};
${ports.map((_, index) => `    location = /${index} { proxy_pass http://u${index}; }`).join("\n")}
  }`,
  }));
}

function upstreamBlock(port: number, index: number): string {
  return `
  upstream u${index} {
    server 0.0.0.1;
    balancer_by_lua_block {
      local balancer = require "ngx.balancer"
      balancer.set_more_tries(1)
      balancer.set_current_peer("127.0.0.1", ${port})
    }
    keepalive 320;
    keepalive_timeout 60s;
  }`;
}
