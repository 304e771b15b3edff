import { type ClientOptions, DEFAULT_CLIENT_OPTIONS } from "../model/client-options.ts";
import type { Plane, RequestLimits } from "../model/plane.ts";
import { hostName } from "../request/host.ts";
import { normalisePath } from "../request/path.ts";
import { malformed, type RefusedMethods } from "./malformed.ts";
import { HIDDEN } from "./nginx/hidden-headers.ts";
import { NGINX_CLOSING, nginxAnswer, nginxPhrase } from "./nginx/pages.ts";
import { headerFor, readNginxHeaders } from "./nginx/read-headers.ts";
import { nginxRequestHeaders } from "./nginx/request-headers.ts";

/** ngx_http_process_request_header. */
const REFUSED_METHODS: RefusedMethods = new Map([
  ["TRACE", "nginx does not answer TRACE"],
  ["CONNECT", "no tunnels are made"],
]);

/** nginx 1.27.1 with ingress-nginx's template, under the controller's ConfigMap. */
export function nginxPlane(options: ClientOptions): Plane {
  const { count, bytes } = options.headerBuffers;
  const limits: RequestLimits = {
    lineBytes: bytes,
    headBytes: bytes * count,
    // nginx 1.27 has only its buffers; its security updates and later versions allow 1,000 lines.
    headerLines: 1_000,
    headTooLarge: 400,
    option: "large-client-header-buffers",
  };
  return {
    name: "nginx",
    limits,
    refuse: (facts) => malformed(facts, limits, REFUSED_METHODS),
    readPath: normalisePath,
    readHost: hostName,
    readHeaders: (raw) => readNginxHeaders(raw, options),
    header: (raw, name) => headerFor(raw, name, options),
    requestHeaders: nginxRequestHeaders,
    hidden: HIDDEN,
    accel: "obeyed",
    answer: nginxAnswer,
    phrase: nginxPhrase,
    closing: NGINX_CLOSING,
  };
}

/** Without a ConfigMap. */
export const NGINX: Plane = nginxPlane(DEFAULT_CLIENT_OPTIONS);
