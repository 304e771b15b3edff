import type { Route } from "../../model/route.ts";
import type { ServerSettings, TlsTerms } from "../../model/settings/server.ts";
import type { ServerDraft } from "./servers.ts";

/**
 * What a server as a whole gets from the Ingresses of its host: certificates of clients as the oldest says that has a CA
 * for them, ciphers as the oldest says that names some, and it is closed where any of them closes it.
 *
 * Source: controller.go, createServers and getBackendServers. `undefined`: nothing.
 */
export function serverSettings(
  { ingresses }: ServerDraft,
  passthrough: Route | undefined,
): ServerSettings | undefined {
  const all = ingresses.map(({ settings }) => settings.server);
  const forbidden = all.find((one) => one.forbidden !== undefined)?.forbidden;
  const auth = all.find(({ clientAuth }) => clientAuth?.asked) ?? all.at(-1);
  const ciphers = all.find((one) => one.ciphers !== undefined)?.ciphers;
  const serverCipherOrder = all.find((one) => one.serverCipherOrder !== undefined)?.serverCipherOrder;
  const terms = termsOf({ ciphers, serverCipherOrder, clients: auth?.clients });
  const found = { forbidden, clientAuth: auth?.clientAuth, terms, passthrough };
  return hasSomething(found) ? found : undefined;
}

function termsOf(terms: TlsTerms): TlsTerms | undefined {
  return hasSomething(terms) ? terms : undefined;
}

function hasSomething(fields: object): boolean {
  return Object.values(fields).some((value) => value !== undefined);
}
