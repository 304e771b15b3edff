import type { ExternalAuthSettings } from "../../../model/guard.ts";
import type { VariableText } from "../../../model/route/variable-text.ts";
import { parseVariables } from "../../../request/variables.ts";
import type { Annotations, Feature } from "../annotations.ts";
import { withLocation } from "../settings.ts";
import { parseGoUrl } from "../values/go-url.ts";
import { isOneWord } from "../values/one-word.ts";
import { documented } from "./documented.ts";
import { readCache } from "./external-auth-cache.ts";
import { readHeaderNames, readSetHeaders } from "./external-auth-headers.ts";

/**
 * `auth-url` and its companions (annotations/authreq/main.go), which need `auth-url`. A bad URL is passed up
 * by its validator. A bad method, header or ConfigMap denies the location. A bad duration, redirect or switch
 * turns the check off.
 */
export const externalAuth: Feature = {
  annotations: documented("External authentication", {
    Low: "auth-method auth-keepalive auth-keepalive-share-vars auth-keepalive-requests auth-keepalive-timeout auth-always-set-cookie",
    Medium:
      "auth-signin-redirect-param auth-response-headers auth-proxy-set-headers auth-request-redirect auth-cache-key auth-cache-duration",
    High: "auth-url auth-signin",
  }),
  apply: (annotations, settings) => {
    const external = readExternal(annotations);
    if (external === undefined) return settings;
    const guards = { ...settings.location.guards, external };
    return withLocation(settings, { guards });
  },
};

function readExternal(annotations: Annotations): ExternalAuthSettings | undefined {
  const url = annotations.variables("auth-url");
  if (url === undefined) return undefined;
  const host = hostOf(annotations, url.source);
  const method = readMethod(annotations);
  const cache = readCache(annotations);
  if (annotations.report.isGroupIgnored) return undefined;
  const headers = { names: readHeaderNames(annotations), set: readSetHeaders(annotations) };
  if (host === undefined || annotations.report.denied !== undefined) return undefined;
  if (!isOneWord(annotations, "auth-url", url.source, "set")) return undefined;
  return {
    named: annotations.nameOf("auth-url"),
    url,
    host,
    method,
    signin: readSignin(annotations),
    requestRedirect: readRequestRedirect(annotations),
    responseHeaders: headers.names,
    setHeaders: headers.set,
    cache,
    cookie: annotations.boolean("auth-always-set-cookie") === true ? "always" : "below-400",
    asker: readAsker(annotations, url.source),
  };
}

/** parser.StringToURL: scheme and host are required. */
function hostOf(annotations: Annotations, url: string): VariableText | undefined {
  const deny = (what: string) => {
    const fix = "Write a URL: http://auth.default.svc.cluster.local/verify";
    annotations.report.bad("auth-url", `could not parse auth-url annotation: ${what}`, fix, "deny-location");
    return undefined;
  };
  const parsed = parseGoUrl(url);
  if ("fault" in parsed) return deny(`${url} is not a valid URL: ${parsed.fault}`);
  if (parsed.scheme === "") return deny("url scheme is empty");
  if (parsed.host === "") return deny("url host is empty");
  if (parsed.host.includes("..")) return deny("invalid url host");
  const host = parsed.host.replace(/:\d*$/, "");
  warnOfShortName(annotations, host);
  const text = parseVariables(host);
  return text.kind === "parsed" ? text.text : undefined;
}

/** nginx resolves variable targets itself, without search domains (ngx_resolver.c). */
function warnOfShortName(annotations: Annotations, host: string): void {
  if (host.includes("$") || host.includes("[") || /^[\d.]+$/.test(host)) return;
  if (host.includes(".") && !host.endsWith(".svc")) return;
  const full = host.endsWith(".svc")
    ? `${host}.cluster.local`
    : `${host}.${annotations.namespace}.svc.cluster.local`;
  const what = `nginx knows no search domains, so ${JSON.stringify(host)} is not found, and every request is answered 500`;
  annotations.report.surprising("auth-url", what, `Write the whole name: ${full}`);
}

/** The validators accept blanks inside the word. */
function readMethod(annotations: Annotations): string | undefined {
  const method = annotations.text("auth-method");
  if (method === undefined || isOneWord(annotations, "auth-method", method, "proxy_method")) return method;
  return undefined;
}

function readRequestRedirect(annotations: Annotations): string | undefined {
  const name = "auth-request-redirect";
  const url = annotations.text(name);
  return url === undefined || isOneWord(annotations, name, url, "proxy_set_header") ? url : undefined;
}

function readSignin(annotations: Annotations): VariableText | undefined {
  const url = annotations.text("auth-signin");
  const parameter = annotations.text("auth-signin-redirect-param") ?? "rd";
  if (url === undefined) return undefined;
  const full = signinWithWayBack(url, parameter);
  if (!isOneWord(annotations, "auth-signin", full, "return")) return undefined;
  return annotations.parse("auth-signin", full);
}

/** template.go, buildAuthSignURL: adds the return address to the query, unless it is there. */
export function signinWithWayBack(url: string, parameter: string): string {
  const back = `${parameter}=$pass_access_scheme://$http_host$escaped_request_uri`;
  const query = new URLSearchParams(url.split("?")[1] ?? "");
  if (query.size === 0) return `${url}?${back}`;
  return query.get(parameter) ? url : `${url}&${back}`;
}

/**
 * With keep-alive the template asks by Lua, unless the URL's host has a variable; never while HTTP/2 is on
 * (template.go, shouldApplyAuthUpstream).
 */
function readAsker(annotations: Annotations, url: string): ExternalAuthSettings["asker"] {
  annotations.boolean("auth-keepalive-share-vars");
  const kept = annotations.integer("auth-keepalive") ?? 0;
  const requests = annotations.integer("auth-keepalive-requests") ?? 1000;
  const seconds = annotations.integer("auth-keepalive-timeout") ?? 60;
  const fixedHost = !/^[^/]*\/\/[^/?]*\$/.test(url);
  if (kept <= 0 || requests <= 0 || seconds <= 0 || !fixedHost) return "auth_request";
  if (annotations.world.config.options.http2 === "off") {
    if (annotations.has("auth-response-headers")) {
      const what =
        "beside auth-keepalive the controller's Lua fails, and every request that the service lets in is answered 500";
      annotations.report.surprising("auth-response-headers", what, "Leave auth-keepalive out.");
    }
    return "lua";
  }
  const what =
    "it does nothing while use-http2 is on, as it is unless the controller's ConfigMap says otherwise";
  annotations.report.surprising("auth-keepalive", what, "Leave it out.");
  return "auth_request";
}
