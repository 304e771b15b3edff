import { type Reason, reason } from "../../model/reason.ts";

/** nginx's words for a method (ngx_http_parse_request_line, ngx_http_v2_parse_method). */
const METHOD = /^[A-Z_-]+$/;

/** Why no route is looked for, because of the method alone; `undefined` where one is (ngx_http_process_request_header). */
export function refusedMethod(method: string): { readonly status: number; readonly why: Reason } | undefined {
  if (!METHOD.test(method))
    return {
      status: 400,
      why: reason("bad-method", "the method is not one of HTTP: capitals, _ and - only"),
    };
  if (method === "TRACE")
    return { status: 405, why: reason("method-not-allowed", "nginx does not answer TRACE") };
  return method === "CONNECT"
    ? { status: 405, why: reason("method-not-allowed", "no tunnels are made") }
    : undefined;
}
