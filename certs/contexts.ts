import { constants } from "node:crypto";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import type { TlsTerms } from "../src/model/settings/server.ts";

/** A certificate's contexts: one for most hosts, and one for each that has terms of its own. */
export type Contexts = (terms: TlsTerms | undefined) => SecureContext;

/**
 * Makes the contexts of a certificate: the usual one now, the others when they are asked for (2 ms each).
 *
 * @throws what OpenSSL says of a certificate or key that it cannot use.
 */
export function createContexts(pair: { readonly certPem: string; readonly keyPem: string }): Contexts {
  const own = { cert: pair.certPem, key: pair.keyPem };
  const usual = createSecureContext(own);
  const others = new WeakMap<TlsTerms, SecureContext>();
  return (terms) => {
    if (terms === undefined) return usual;
    const found = others.get(terms) ?? createSecureContext({ ...own, ...optionsOf(terms) });
    others.set(terms, found);
    return found;
  };
}

/**
 * Where clients show certificates no session is taken up again: what was found out about a certificate at first would be
 * lost.
 */
function optionsOf({ ciphers, serverCipherOrder, clients }: TlsTerms): SecureContextOptions {
  return {
    ...(ciphers === undefined ? {} : { ciphers }),
    ...(serverCipherOrder === undefined ? {} : { honorCipherOrder: serverCipherOrder }),
    ...(clients === undefined ? {} : { ca: clients.ca, secureOptions: constants.SSL_OP_NO_TICKET }),
    ...(clients?.crl === undefined ? {} : { crl: clients.crl }),
  };
}
