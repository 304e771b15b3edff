import { createSecureContext, type SecureContextOptions } from "node:tls";
import type { TlsTerms } from "../../../model/settings/server.ts";
import type { ConfigData } from "./data.ts";

/** nginx's own, for a configuration without `ssl_ciphers`. */
const NGINX_CIPHERS = "HIGH:!aNULL:!MD5";

/** `ssl-ciphers`, `ssl-protocols` and `ssl-ecdh-curve`, for every server (nginx.tmpl). */
export function readTls(data: ConfigData): TlsTerms | undefined {
  const ciphers = data.text("ssl-ciphers");
  const protocols = data.text("ssl-protocols")?.split(" ").filter(Boolean);
  const curves = data.text("ssl-ecdh-curve");
  if (ciphers === undefined && protocols === undefined && curves === undefined) return undefined;
  if (ciphers !== "") return { ciphers, protocols, curves };
  return { ciphers: NGINX_CIPHERS, serverCipherOrder: false, protocols, curves };
}

/** Why OpenSSL refuses a list of ciphers or curves, in nginx's words; `undefined` where it does not. */
export function refusedList(data: ConfigData, key: "ssl-ciphers" | "ssl-ecdh-curve") {
  const value = data.text(key);
  if (value === undefined || value === "") return undefined;
  const isCiphers = key === "ssl-ciphers";
  const options: SecureContextOptions = isCiphers ? { ciphers: value } : { ecdhCurve: value };
  try {
    createSecureContext(options);
    return undefined;
  } catch {
    return isCiphers
      ? {
          words: `SSL_CTX_set_cipher_list("${value}") failed (SSL: error:0A0000B9:SSL routines::no cipher match)`,
          fix: "Write ciphers that openssl ciphers LIST knows.",
        }
      : {
          words: `SSL_CTX_set1_curves_list("${value}") failed`,
          fix: "Write auto, or curves such as X25519:prime256v1.",
        };
  }
}
