import type { Addresses } from "../../../model/addresses.ts";
import type { Forwarded, OriginalHeaders } from "../../../model/controller.ts";
import { nginxAddresses } from "./address-list.ts";
import type { ConfigData } from "./data.ts";

const FOR = "X-Forwarded-For";
const HOST = "X-Forwarded-Host";

/**
 * `use-forwarded-headers`, `enable-real-ip`, `forwarded-for-header`, `proxy-real-ip-cidr` and
 * `compute-full-forwarded-for` (nginx.tmpl, `real_ip_header`; lua_ingress.lua, rewrite).
 */
export function readForwarded(data: ConfigData): Forwarded | undefined {
  const headers = data.boolean("use-forwarded-headers") === true;
  const address = data.boolean("enable-real-ip") === true;
  const whole = data.boolean("compute-full-forwarded-for") === true;
  const isProxied = data.boolean("use-proxy-protocol") === true;
  if (!headers && !address && !isProxied) return undefined;
  return {
    // `real_ip_header proxy_protocol` replaces the header, unless use-forwarded-headers is also on.
    trusts: headers ? "all" : isProxied ? "proxy-line" : "address",
    header: headerName(data, "forwarded-for-header", FOR),
    trusted: readTrusted(data),
    chain: headers && whole ? "whole" : "client",
  };
}

/**
 * The headers that `X-Original-Forwarded-For` and `-Host` repeat (template.go, buildForwardedFor). default:
 * the usual ones
 */
export function readOriginals(data: ConfigData): OriginalHeaders | undefined {
  const of = headerName(data, "forwarded-for-header", FOR);
  const host = headerName(data, "forwarded-host-header", HOST);
  return of === FOR.toLowerCase() && host === HOST.toLowerCase() ? undefined : { for: of, host };
}

/** The name as nginx's `$http_…` finds it. */
function headerName(data: ConfigData, key: string, preset: string): string {
  const written = (data.text(key) ?? preset).trim();
  return (written === "" ? preset : written).toLowerCase();
}

/** default: 0.0.0.0/0, which contains no IPv6 client, so none is trusted. */
function readTrusted(data: ConfigData): Addresses {
  return nginxAddresses(data.list("proxy-real-ip-cidr") ?? ["0.0.0.0/0"]);
}
