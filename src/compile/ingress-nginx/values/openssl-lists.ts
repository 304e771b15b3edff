import type { SecureContextOptions } from "node:tls";
import { checkedBySsl } from "./openssl.ts";

/** nginx's words for a cipher list that OpenSSL refuses; `undefined` if accepted (ngx_ssl_ciphers). */
export function refusedCiphers(list: string): string | undefined {
  return isTaken({ ciphers: list })
    ? undefined
    : `SSL_CTX_set_cipher_list("${list}") failed (SSL: error:0A0000B9:SSL routines::no cipher match)`;
}

/** source: ngx_ssl_ecdh_curve */
export function refusedCurves(list: string): string | undefined {
  return isTaken({ ecdhCurve: list }) ? undefined : `SSL_CTX_set1_curves_list("${list}") failed`;
}

function isTaken(options: SecureContextOptions): boolean {
  try {
    checkedBySsl(options);
    return true;
  } catch {
    return false;
  }
}
