import { createAuthProvider } from "./auth-provider.ts";
import type { ChosenContext } from "./context.ts";
import { chooseContext } from "./context.ts";
import { type Access, accessFor } from "./credentials.ts";
import { type ExecCredential, runExecPlugin } from "./exec-plugin.ts";
import { type KubeConfigPlace, readKubeConfig } from "./kubeconfig.ts";
import type { ApiLimits } from "./limits.ts";
import { requireAllowed } from "./plugin-policy.ts";
import { parseProxyUrl, proxyUrlFor } from "./proxy-url.ts";

/** Agent and credentials of requests. Identical object: nothing was renewed. */
export interface Session {
  readonly server: string;
  readonly access: Access;
}

export interface Sessions {
  /** The current session, renewed if expired. Parallel callers share the work. */
  readonly current: () => Promise<Session>;
  /** The API server refused this session's credentials. `renewed`: the next session has others. */
  readonly refused: (session: Session) => "renewed" | "kept";
  /**
   * The API server is unreachable: reads the kubeconfig again, because its address may have changed (minikube
   * start).
   */
  readonly unreached: (session: Session) => void;
  readonly renew: () => void;
}

export interface SessionOptions {
  readonly place: KubeConfigPlace;
  readonly chosen: ChosenContext;
  readonly limits: ApiLimits;
  /** ms since the epoch */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Sessions for a context. Each reads the kubeconfig again; the plugin runs only when needed. */
export function createSessions({ place, chosen, limits, now, signal }: SessionOptions): Sessions {
  const authProvider = createAuthProvider({ env: place.env, limits, signal, now });
  let session: Session | undefined;
  let goodUntil = 0;
  let pending: Promise<Session> | undefined;
  let plugin: { readonly entry: string; readonly credential: ExecCredential } | undefined;
  let lastRenewal = Number.NEGATIVE_INFINITY;
  // Number of renewals: work begun before one is not used for the next session.
  let generation = 0;

  async function credentialOf({ user, cluster }: ChosenContext): Promise<ExecCredential | undefined> {
    if (user?.exec === undefined) return undefined;
    const entry = JSON.stringify(user.exec);
    const expiresAt = plugin?.credential.expiresAt ?? Number.POSITIVE_INFINITY;
    if (plugin !== undefined && plugin.entry === entry && now() < expiresAt) return plugin.credential;
    const begun = generation;
    await requireAllowed(user.exec, place.env);
    const credential = await runExecPlugin(user.exec, cluster, {
      env: place.env,
      limitMs: limits.execMs,
      signal,
    });
    if (begun === generation) plugin = { entry, credential };
    return credential;
  }

  async function open(): Promise<Session> {
    const begun = generation;
    const context = chooseContext(await readKubeConfig(place), chosen.context.name);
    const { cluster, user } = context;
    const exec = await credentialOf(context);
    const hasToken = (user?.token ?? user?.tokenFile ?? exec?.token) !== undefined;
    const idToken = user === undefined || hasToken ? undefined : await authProvider.idToken(user);
    const proxyUrl = proxyUrlFor(cluster, place.env);
    const proxy = proxyUrl === undefined ? undefined : parseProxyUrl(proxyUrl, cluster.name);
    const access = await accessFor(
      context,
      { exec, idToken: idToken?.token },
      proxy && { url: proxy, limitMs: limits.connectMs },
    );
    const opened = { server: context.cluster.server, access };
    if (begun !== generation) return opened;
    session = opened;
    goodUntil = Math.min(
      now() + limits.filesMs,
      exec?.expiresAt ?? Number.POSITIVE_INFINITY,
      idToken?.expiresAt ?? Number.POSITIVE_INFINITY,
    );
    return opened;
  }

  const renew = () => {
    [plugin, session, pending] = [undefined, undefined, undefined];
    generation += 1;
    lastRenewal = now();
  };
  return {
    current: () => {
      if (session !== undefined && now() < goodUntil) return Promise.resolve(session);
      if (pending !== undefined) return pending;
      const opening = open().finally(() => {
        if (pending === opening) pending = undefined;
      });
      pending = opening;
      return opening;
    },
    refused: (used) => {
      // Another request already renewed the same refused credentials.
      if (session !== used) return "renewed";
      if (now() - lastRenewal < limits.renewMs) return "kept";
      renew();
      return "renewed";
    },
    unreached: (used) => {
      if (session === used) session = undefined;
    },
    renew,
  };
}
