import type { Reason } from "../../model/reason.ts";
import type { ClientAuth, TlsTerms } from "../../model/settings/server.ts";
import type { ServerDraft } from "./servers.ts";

/** What annotations make of a whole server. */
export interface ServerSettings {
  /** Every request is answered with 403. */
  readonly forbidden?: Reason | undefined;
  readonly clientAuth?: ClientAuth | undefined;
  /** default: as for every other host */
  readonly terms?: TlsTerms | undefined;
}

/**
 * The settings that a server as a whole gets from the Ingresses of its host: certificates of clients as the oldest says
 * that has a CA for them, ciphers as the oldest says that names some, and it is closed where any of them closes it.
 *
 * `usual`: the ConfigMap's, for all hosts.
 * Source: controller.go, createServers and getBackendServers.
 */
export function serverSettings({ ingresses }: ServerDraft, usual?: TlsTerms | undefined): ServerSettings {
  const all = ingresses.map(({ settings }) => settings.server);
  const forbidden = all.find((one) => one.forbidden !== undefined)?.forbidden;
  const auth = all.find(({ clientAuth }) => clientAuth?.asked) ?? all.at(-1);
  const ciphers = all.find((one) => one.ciphers !== undefined)?.ciphers;
  const serverCipherOrder = all.find((one) => one.serverCipherOrder !== undefined)?.serverCipherOrder;
  const terms = termsOf({ ciphers, serverCipherOrder, clients: auth?.clients }, usual);
  return { forbidden, clientAuth: auth?.clientAuth, terms };
}

/** The host's own, over those of every host: `undefined` where it has none of its own. */
function termsOf(own: TlsTerms, usual: TlsTerms | undefined): TlsTerms | undefined {
  if (!hasSomething(own)) return undefined;
  return {
    ...usual,
    clients: own.clients,
    ciphers: own.ciphers ?? usual?.ciphers,
    serverCipherOrder: own.serverCipherOrder ?? usual?.serverCipherOrder,
  };
}

function hasSomething(fields: object): boolean {
  return Object.values(fields).some((value) => value !== undefined);
}
