import { constants } from "node:crypto";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import type { TlsTerms } from "../src/model/tls/server-tls.ts";
import { onlyVersions } from "../src/tls-versions.ts";

/**
 * The controller's own TLS: its ciphers, in its order, versions, curves, no session tickets
 * (internal/ingress/controller/config/config.go; nginx.tmpl, `ssl_ciphers` to `ssl_ecdh_curve`). Node's own list takes
 * AES128-SHA and others as well.
 */
const PRESET: SecureContextOptions = {
  ciphers: [
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
    // Useless without ssl-dh-param, as in the cluster.
    "DHE-RSA-AES128-GCM-SHA256",
    "DHE-RSA-AES256-GCM-SHA384",
  ].join(":"),
  honorCipherOrder: true,
  minVersion: "TLSv1.2",
  maxVersion: "TLSv1.3",
  ecdhCurve: "auto",
  secureOptions: constants.SSL_OP_NO_TICKET,
};

/** A certificate's contexts: one for most hosts, and one for each host with its own TLS terms. */
export type Contexts = (terms: TlsTerms | undefined) => SecureContext;

/**
 * Makes the usual context of a certificate now, the others when they are asked for (2 ms each).
 *
 * @throws what OpenSSL says of a certificate or key that it cannot use.
 */
export function createContexts(pair: { readonly certPem: string; readonly keyPem: string }): Contexts {
  const own = { cert: pair.certPem, key: pair.keyPem };
  const usual = createSecureContext({ ...PRESET, ...own });
  const others = new WeakMap<TlsTerms, SecureContext>();
  return (terms) => {
    if (terms === undefined) return usual;
    const found = others.get(terms) ?? createSecureContext({ ...PRESET, ...own, ...optionsOf(terms) });
    others.set(terms, found);
    return found;
  };
}

/** No tickets: a resumed session would lose what was found out about the client's certificate. */
function optionsOf(terms: TlsTerms): SecureContextOptions {
  const { ciphers, serverCipherOrder, protocols, curves, clients } = terms;
  return {
    ...(protocols === undefined ? {} : withoutTickets(onlyVersions(protocols))),
    ...(curves === undefined ? {} : { ecdhCurve: curves }),
    ...(ciphers === undefined ? {} : { ciphers }),
    ...(serverCipherOrder === undefined ? {} : { honorCipherOrder: serverCipherOrder }),
    ...(clients === undefined ? {} : { ca: clients.ca }),
    ...(clients?.crl === undefined ? {} : { crl: clients.crl }),
  };
}

function withoutTickets(options: ReturnType<typeof onlyVersions>): SecureContextOptions {
  return { ...options, secureOptions: options.secureOptions | constants.SSL_OP_NO_TICKET };
}
