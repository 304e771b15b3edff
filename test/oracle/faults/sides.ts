import { openLanes } from "../lanes.ts";
import { type Side, serveNginx } from "../served.ts";

/** Connect and read timeout, long enough for a busy machine; the controller's are 5 s and 60 s. */
const TIMEOUT_MS = 1_500;

export const openIngressDev = (ports: readonly number[]): Promise<Side> => openLanes(ports, TIMEOUT_MS);

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
