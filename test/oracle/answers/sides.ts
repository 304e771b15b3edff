import { openLanes } from "../lanes.ts";
import { type Side, serveNginx } from "../served.ts";

/** Connect and read timeout; the controller's are 5 s and 60 s. No answer here is to reach it. */
const TIMEOUT_MS = 5_000;

export const openIngressDev = (ports: readonly number[]): Promise<Side> => openLanes(ports, TIMEOUT_MS);

/**
 * nginx as the controller configures it (nginx.tmpl, from `upstream upstream_balancer` on; balancer.lua,
 * `balance`): three tries, repeated on one endpoint if necessary, for `error` and `timeout`.
 */
export function openNginx(ports: readonly number[]): Promise<Side> {
  return serveNginx((port) => ({
    modules: ["ndk_http_module", "ngx_http_lua_module", "ngx_http_headers_more_filter_module"],
    http: `
  keepalive_requests 1000000;
  proxy_set_header Host $http_host;
  proxy_connect_timeout ${TIMEOUT_MS}ms;
  proxy_read_timeout ${TIMEOUT_MS}ms;
  proxy_send_timeout ${TIMEOUT_MS}ms;
  proxy_buffer_size 4k;
  proxy_buffers 4 4k;
  proxy_next_upstream error timeout;
  proxy_next_upstream_timeout 0;
  proxy_next_upstream_tries 3;
  init_by_lua_block { lanes = { [0] = ${ports.join(", ")} } }
  upstream upstream_balancer {
    server 0.0.0.1;
    balancer_by_lua_block {
      local balancer = require "ngx.balancer"
      balancer.set_more_tries(1)
      balancer.set_current_peer("127.0.0.1", lanes[tonumber(ngx.var.lane)])
    }
    keepalive 320;
    keepalive_timeout 60s;
    keepalive_requests 1000000;
  }
  server {
    listen 127.0.0.1:${port};
    location ~ ^/(?<lane>[0-9]+)/ { proxy_pass http://upstream_balancer; }
  }`,
  }));
}
