import type { Addresses } from "../../../model/addresses.ts";
import type { Forwarded } from "../../../model/controller.ts";
import { readAddresses } from "../addresses.ts";
import type { ConfigData } from "./data.ts";

/**
 * `use-forwarded-headers`, `enable-real-ip`, `forwarded-for-header`, `proxy-real-ip-cidr` and
 * `compute-full-forwarded-for` (nginx.tmpl, `real_ip_header`; lua_ingress.lua, rewrite).
 */
export function readForwarded(data: ConfigData): Forwarded | undefined {
  const headers = data.boolean("use-forwarded-headers") === true;
  const address = data.boolean("enable-real-ip") === true;
  const whole = data.boolean("compute-full-forwarded-for") === true;
  const header =
    data.allowed("forwarded-for-header", /^[\w-]+$/, "the name of a header") ?? "X-Forwarded-For";
  const trusted = readTrusted(data);
  if ((!headers && !address) || trusted === undefined) return undefined;
  return {
    believed: headers ? "all" : "address",
    header: header.toLowerCase(),
    trusted,
    chain: headers && whole ? "whole" : "client",
  };
}

/** 0.0.0.0/0 where nothing is said: a client that comes by IPv6 is not in it, and so is not believed. */
function readTrusted(data: ConfigData): Addresses | undefined {
  const key = "proxy-real-ip-cidr";
  const everyIPv4 = readAddresses("0.0.0.0/0");
  const written = data.text(key);
  const addresses = written === undefined ? everyIPv4 : readAddresses(written);
  if (addresses !== undefined) return addresses;
  const what = `"${written}" is not a list of addresses and networks, so nginx does not load its configuration`;
  data.ignored(key, what, "Write 10.0.0.0/8,192.168.1.7.");
  return everyIPv4;
}
