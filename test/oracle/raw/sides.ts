import { match } from "../../../src/match/match.ts";
import { startProxy } from "../../../src/proxy/proxy.ts";
import { testContext, upstreamAt } from "../../proxy/support.ts";
import { compileCase } from "../../support/compiled-case.ts";
import { type Side, serveNginx } from "../served.ts";

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

/** nginx with the controller template's settings for reading requests, for the same host. */
export function openNginx(backend: number): Promise<Side> {
  return serveNginx((port) => ({
    modules: ["ngx_http_headers_more_filter_module"],
    http: `
  client_header_buffer_size 1k;
  large_client_header_buffers 4 8k;
  ignore_invalid_headers on;
  underscores_in_headers off;
  client_max_body_size 1m;
  map $http_host $best_http_host { default $http_host; '' $host; }
  proxy_set_header Host $best_http_host;
  proxy_set_header X-Original-Forwarded-For $http_x_forwarded_for;
  proxy_set_header Proxy "";
  upstream backend { server 127.0.0.1:${backend}; keepalive 320; }
  server { listen 127.0.0.1:${port} default_server; server_name _; location / { return 404; } }
  server { listen 127.0.0.1:${port}; server_name a.test; location / { proxy_pass http://backend; } }`,
  }));
}
