import type { HeaderLine } from "../../model/decision.ts";
import { remoteUser } from "../../request/variables/readers.ts";
import { partOf } from "../../request/variables.ts";
import type { Arrival } from "./arrival.ts";

/** Variables that mean something where nginx speaks FastCGI (ngx_http_fastcgi_module.c, and `root` left as it is). */
export const FASTCGI_VARIABLES: readonly string[] = [
  "fastcgi_script_name",
  "fastcgi_path_info",
  "document_root",
  "realpath_root",
];

/** `root html`, below the controller image's prefix. */
const DOCUMENT_ROOT = "/usr/local/nginx/html";

/**
 * What a FastCGI application is told of a request beside its headers: nginx's `fastcgi_params`, and the ConfigMap of
 * `fastcgi-params-configmap` laid over it. `undefined` where the pods speak something else.
 */
export function fastCgiParams(arrival: Arrival): readonly HeaderLine[] | undefined {
  const { settings, transport } = arrival.route;
  if (transport.protocol !== "FCGI") return undefined;
  const { request, path, rewritten } = arrival;
  const uri = rewritten?.kind === "path" ? rewritten.path : path.path;
  const index = uri.endsWith("/") ? (settings.fastCgi?.index ?? "") : "";
  const own: ReadonlyMap<string, string> = new Map([
    ["fastcgi_script_name", uri + index],
    ["fastcgi_path_info", ""],
    ["document_root", DOCUMENT_ROOT],
    ["realpath_root", DOCUMENT_ROOT],
  ]);
  const facts = { ...arrival, path: { ...path, path: uri } };
  const params = new Map<string, string>([
    ["QUERY_STRING", path.query],
    ["REQUEST_METHOD", request.method],
    ["SCRIPT_NAME", uri + index],
    ["REQUEST_URI", request.target],
    ["DOCUMENT_URI", uri],
    ["DOCUMENT_ROOT", DOCUMENT_ROOT],
    ["REQUEST_SCHEME", request.scheme],
    ...(request.scheme === "https" ? ([["HTTPS", "on"]] as const) : []),
    ["GATEWAY_INTERFACE", "CGI/1.1"],
    ["SERVER_SOFTWARE", "nginx"],
    ["REMOTE_ADDR", request.remoteAddress],
    ["REMOTE_USER", remoteUser(request.header("authorization"))],
    ["SERVER_PORT", partOf({ variable: "server_port" }, facts)],
    ["SERVER_NAME", arrival.host.name],
    ["REDIRECT_STATUS", "200"],
  ]);
  for (const { name, value } of settings.fastCgi?.params ?? []) {
    const texts = value.parts.map((part) => {
      if (typeof part === "string") return part;
      return ("variable" in part ? own.get(part.variable) : undefined) ?? partOf(part, facts);
    });
    params.set(name, texts.join(""));
  }
  return [...params];
}
