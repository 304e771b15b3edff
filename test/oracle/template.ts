import type { OracleIngress, OracleSettings } from "./resources.ts";
import {
  certificateNames,
  controllerServers,
  enforcesRegex,
  needsRewrite,
  type OracleLocation,
  type OracleServer,
  wwwRedirects,
} from "./servers.ts";

/** nginx's listeners, and paths of its files in a temporary folder. A listener is a path, or `ADDRESS:PORT`. */
export interface Surroundings {
  readonly folder: string;
  readonly http: string;
  readonly https: string;
  readonly backend: string;
  readonly certificate: string;
  readonly key: string;
  readonly modules: string;
}

/** The visible part of lua_ingress.lua and certificate.lua: the redirect to https. */
const LUA = `
  local function configured(host)
    local name = host:gsub("%.$", ""):lower()
    if certificates[name] then return true end
    return certificates[(name:gsub("^[^.]+%.", "*.", 1))]
  end
  function rewrite(force, ssl, acme, keep)
    ngx.var.best_http_host = ngx.var.http_host or ngx.var.host
    if acme or ngx.var.scheme ~= "http" or not (force or (ssl and configured(ngx.var.host))) then return end
    local uri = ngx.var.request_uri
    if uri:sub(-1) == "/" and not keep then uri = uri:sub(1, -2) end
    local host = ngx.re.match(ngx.var.best_http_host, "^[^:]*", "jo")[0]
    return ngx.redirect("https://" .. host .. uri, 308)
  end
  function redirect_to(name)
    local uri, port = ngx.var.request_uri, ngx.var.scheme == "https" and 443 or 80
    if uri:sub(-1) == "/" then uri = uri:sub(1, -2) end
    return ngx.var.scheme .. "://" .. name .. ":" .. port .. uri
  end`;

/**
 * The configuration of the controller's template, as far as it affects status, backend, path and Location.
 *
 * Source: rootfs/etc/nginx/template/nginx.tmpl and internal/ingress/controller/template/template.go of
 * v1.15.1.
 */
export function nginxConfiguration(ingresses: readonly OracleIngress[], around: Surroundings): string {
  const servers = controllerServers(ingresses);
  const names = certificateNames(servers).map((name) => `["${name}"] = true`);
  return `
load_module ${around.modules}/ndk_http_module.so;
load_module ${around.modules}/ngx_http_lua_module.so;
load_module ${around.modules}/ngx_http_headers_more_filter_module.so;
daemon off;
master_process off;
pid ${around.folder}/nginx.pid;
error_log stderr error;
events { worker_connections 256; }
http {
  access_log off;
  ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${around.folder}/${name};`).join("\n  ")}
  server_tokens off;
  more_clear_headers Server;
  server_name_in_redirect off;
  port_in_redirect off;
  server_names_hash_bucket_size 512;
  ssl_certificate ${around.certificate};
  ssl_certificate_key ${around.key};
  geo $literal_dollar { default "$"; }
  upstream upstream_balancer { server unix:${around.backend}; keepalive 16; }
  init_by_lua_block { certificates = { ${names.join(", ")} } ${LUA} }
  set_real_ip_from unix:;
  real_ip_header X-Oracle-Client;
  ${wwwRedirects(servers)
    .map(([from, to]) => redirectBlock(from, to.host, around))
    .join("\n  ")}
  ${servers.map((server) => serverBlock(server, around)).join("\n  ")}
}
`;
}

/** The catch-all's own: health checks, and a status for monitors on the controller's pod. */
const OWN_LOCATIONS = `location /healthz { return 200; }
    location /nginx_status { allow 127.0.0.1; allow ::1; deny all; stub_status on; }`;

function serverBlock(server: OracleServer, { http, https }: Surroundings): string {
  const options = server.host === "_" ? " default_server" : "";
  const regex = enforcesRegex(server);
  return `server {
    listen ${listener(http)}${options};
    listen ${listener(https)} ssl${options};
    server_name ${[serverName(server.host), ...server.aliases].join(" ")};
    ${server.host === "_" ? OWN_LOCATIONS : ""}
    ${server.locations.map((location) => appRoot(location) + locationBlock(location, regex)).join("\n    ")}
  }`;
}

function redirectBlock(from: string, to: string, { http, https }: Surroundings): string {
  return `server {
    listen ${listener(http)};
    listen ${listener(https)} ssl;
    server_name ${from};
    set_by_lua_block $redirect_to { return redirect_to("${to}") }
    return 308 $redirect_to;
  }`;
}

function listener(at: string): string {
  return at.startsWith("/") ? `unix:${at}` : at;
}

function serverName(host: string): string {
  if (!host.startsWith("*.")) return host;
  return `~^(?<subdomain>[\\w-]+)\\.${host.slice(2).replaceAll(".", "\\.")}$`;
}

function settingsOf({ owner, plain }: OracleLocation): OracleSettings {
  if (owner !== undefined && !plain) return owner.settings;
  // The catch-all's location has no redirects and rewrites, not even default ones.
  const { enableCors, corsOrigins, corsCredentials, allow, deny, upstreamVhost } = owner?.settings ?? {};
  return { sslRedirect: false, enableCors, corsOrigins, corsCredentials, allow, deny, upstreamVhost };
}

function appRoot(location: OracleLocation): string {
  const { appRoot: path } = settingsOf(location);
  return path === undefined ? "" : `if ($uri = /) { return 302 $scheme://$http_host${path}; }\n    `;
}

function locationBlock(location: OracleLocation, regex: boolean): string {
  const settings = settingsOf(location);
  const modifier = regex
    ? `~* "^${quoted(location.path)}"`
    : `${location.exact ? "= " : ""}"${quoted(location.path)}"`;
  const acme = location.path.startsWith("/.well-known/acme-challenge");
  return `location ${modifier} {
      set $best_http_host $http_host;
      rewrite_by_lua_block { rewrite(${settings.forceSslRedirect ?? false}, ${settings.sslRedirect ?? true}, ${acme}, ${settings.preserveTrailingSlash ?? false}) }
      ${access(settings)}
      ${cors(settings)}
      client_max_body_size 1m;
      proxy_set_header Host ${settings.upstreamVhost === undefined ? "$best_http_host" : `"${settings.upstreamVhost}"`};
      proxy_set_header Connection "";
      proxy_set_header X-Oracle-Backend "${location.service ?? ""}";
      proxy_http_version 1.1;
      proxy_redirect off;
      ${settings.relativeRedirects ? "absolute_redirect off;" : ""}
      ${redirect(settings)}
      ${needsRewrite(location) ? rewriteLines(location.path, settings) : ""}
      proxy_pass http://upstream_balancer;
    }`;
}

function rewriteLines(path: string, { rewriteTarget, forwardedPrefix }: OracleSettings): string {
  const prefix =
    forwardedPrefix === undefined ? "" : `proxy_set_header X-Forwarded-Prefix "${forwardedPrefix}";`;
  return `rewrite "(?i)${quoted(path)}" ${rewriteTarget} break;\n      ${prefix}`;
}

function access({ allow = [], deny = [] }: OracleSettings): string {
  const allowed = allow.map((range) => `allow ${range};`);
  return [...deny.map((range) => `deny ${range};`), ...allowed, allow.length > 0 ? "deny all;" : ""].join(
    " ",
  );
}

/** The CORS part of nginx.tmpl. */
function cors({ enableCors, corsOrigins = ["*"], corsCredentials = true }: OracleSettings): string {
  if (enableCors !== true) return "";
  const lines = [
    "more_set_headers 'Access-Control-Allow-Origin: $http_origin';",
    corsCredentials ? "more_set_headers 'Access-Control-Allow-Credentials: true';" : "",
    "more_set_headers 'Access-Control-Allow-Methods: GET, PUT, POST, DELETE, PATCH, OPTIONS';",
    "more_set_headers 'Access-Control-Allow-Headers: DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization';",
    "more_set_headers 'Access-Control-Max-Age: 1728000';",
  ].join(" ");
  return `${originTest(corsOrigins)}
      if ($request_method = 'OPTIONS') { set $cors \${cors}options; }
      if ($cors = "true") { ${lines} }
      if ($cors = "trueoptions") {
        ${lines}
        more_set_headers 'Content-Type: text/plain charset=UTF-8';
        more_set_headers 'Content-Length: 0';
        return 204;
      }`;
}

function originTest(origins: readonly string[]): string {
  if (origins.includes("*")) return "set $http_origin *; set $cors 'true';";
  const pattern = origins.map((origin) => {
    const quoted = origin.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&").replace("\\*", "[A-Za-z0-9\\-]+");
    return `(${quoted})`;
  });
  return `if ($http_origin ~* (${pattern.join("|")})$ ) { set $cors 'true'; }`;
}

function redirect(settings: OracleSettings): string {
  const { temporalRedirect, temporalRedirectCode, permanentRedirect, permanentRedirectCode } = settings;
  if (temporalRedirect !== undefined) return `return ${temporalRedirectCode ?? 302} ${temporalRedirect};`;
  return permanentRedirect === undefined
    ? ""
    : `return ${permanentRedirectCode ?? 301} ${permanentRedirect};`;
}

/** template.go, sanitizeQuotedRegex. */
function quoted(path: string): string {
  return path.replace(/[\\"]/g, "\\$&");
}
