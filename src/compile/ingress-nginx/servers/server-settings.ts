import type { Reason } from "../../../model/reason.ts";
import type { ClientAuth, TlsTerms } from "../../../model/tls/server-tls.ts";
import type { ServerDraft } from "../servers.ts";

/** Annotations' settings for a whole server. */
export interface ServerSettings {
  /** Every request is answered with 403. */
  readonly forbidden?: Reason | undefined;
  readonly clientAuth?: ClientAuth | undefined;
  /** default: as for every other host */
  readonly terms?: TlsTerms | undefined;
}

/**
 * A server's settings from the Ingresses of its host: client certificates by the oldest with a CA, ciphers by
 * the oldest that names some; any of them may close the server.
 *
 * `usual`: the ConfigMap's, for all hosts. Source: controller.go, createServers and getBackendServers.
 */
export function serverSettings({ ingresses }: ServerDraft, usual?: TlsTerms | undefined): ServerSettings {
  const all = ingresses.map(({ settings }) => settings.server);
  const forbidden = all.find((own) => own.forbidden !== undefined)?.forbidden;
  const auth = all.find(({ clientAuth }) => clientAuth?.asked) ?? all.at(-1);
  const ciphers = all.find((own) => own.ciphers !== undefined)?.ciphers;
  const serverCipherOrder = all.find((own) => own.serverCipherOrder !== undefined)?.serverCipherOrder;
  const terms = termsOf({ ciphers, serverCipherOrder, clients: auth?.clients }, usual);
  return { forbidden, clientAuth: auth?.clientAuth, terms };
}

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
