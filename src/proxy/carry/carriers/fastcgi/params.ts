import type { ForwardDecision } from "../../../../model/decision.ts";
import { isPassedOn, type NameRules } from "../../../../plane/nginx/read-headers.ts";
import type { Exchange } from "../../../exchange/exchange.ts";

/**
 * All FastCGI parameters: the decision's, the connection's ends, and each client header as `HTTP_NAME`
 * (ngx_http_fastcgi_create_request). `proxy_set_header` does not apply, so `X-Forwarded-For` is absent.
 * Unlike nginx, leaves out `Proxy` (https://httpoxy.org).
 */
export function paramsOf(
  { request, host, headers }: Exchange,
  { params = [] }: ForwardDecision,
  contentLength: string,
  names: NameRules,
): ReadonlyMap<string, string> {
  const { socket } = request;
  const all = new Map<string, string>([
    ["CONTENT_TYPE", ""],
    ["CONTENT_LENGTH", contentLength],
    ["SERVER_PROTOCOL", request.httpVersionMajor === 2 ? "HTTP/2.0" : `HTTP/${request.httpVersion}`],
    ["REMOTE_PORT", String(socket?.remotePort ?? "")],
    ["SERVER_ADDR", socket?.localAddress ?? ""],
    ...params,
  ]);
  const told = new Set(all.keys());
  const raw = request.rawHeaders;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? "").toUpperCase();
    const value = raw[i + 1] ?? "";
    if (name === "CONTENT-TYPE") all.set("CONTENT_TYPE", value);
    if (!isPassedOn(name, names) || name === "PROXY") continue;
    const param = `HTTP_${name.replaceAll("-", "_")}`;
    if (told.has(param)) continue;
    const before = all.get(param);
    const joint = name === "COOKIE" ? "; " : ", ";
    all.set(param, before === undefined ? value : before + joint + value);
  }
  if (host !== "" && headers.host === "" && !told.has("HTTP_HOST")) all.set("HTTP_HOST", host);
  return all;
}
