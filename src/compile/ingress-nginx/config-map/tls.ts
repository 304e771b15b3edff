import type { TlsTerms } from "../../../model/tls/server-tls.ts";
import { refusedCiphers, refusedCurves } from "../values/openssl-lists.ts";
import type { ConfigData } from "./data.ts";

/** nginx's default without `ssl_ciphers`. */
const NGINX_CIPHERS = "HIGH:!aNULL:!MD5";

/** `ssl-ciphers`, `ssl-protocols` and `ssl-ecdh-curve`, for every server (nginx.tmpl). */
export function readTlsTerms(data: ConfigData): TlsTerms | undefined {
  const ciphers = data.text("ssl-ciphers");
  const protocols = data.text("ssl-protocols")?.split(" ").filter(Boolean);
  const curves = data.text("ssl-ecdh-curve");
  if (ciphers === undefined && protocols === undefined && curves === undefined) return undefined;
  if (ciphers !== "") return { ciphers, protocols, curves };
  return { ciphers: NGINX_CIPHERS, serverCipherOrder: false, protocols, curves };
}

/**
 * OpenSSL's refusal of a cipher list in nginx's words; `undefined` if accepted. An empty list is nginx's
 * default.
 */
export function ciphersRefusal(data: ConfigData, key: string) {
  const value = data.text(key);
  const words = value === undefined || value === "" ? undefined : refusedCiphers(value);
  return words === undefined ? undefined : { words, fix: "Write ciphers that openssl ciphers LIST knows." };
}

export function curvesRefusal(data: ConfigData, key: string) {
  const value = data.text(key);
  const words = value === undefined || value === "" ? undefined : refusedCurves(value);
  return words === undefined ? undefined : { words, fix: "Write auto, or curves such as X25519:prime256v1." };
}
