import { UserError } from "../errors.ts";
import { unusable } from "./credentials.ts";
import type { ProviderConfig, UserEntry } from "./entries.ts";
import { type IdToken, type OidcOptions, readIdToken, renewTokens } from "./oidc.ts";

/** Providers that kubectl dropped, and their plugins. */
const REMOVED: ReadonlyMap<string, string> = new Map([
  ["gcp", "gke-gcloud-auth-plugin"],
  ["azure", "kubelogin"],
]);

function refusal(user: string, name: string): UserError {
  const instead = REMOVED.get(name);
  if (instead === undefined) {
    const message = `There is no auth-provider "${name}" for user "${user}": kubectl knows oidc alone.`;
    return new UserError("cluster-credentials", message);
  }
  return new UserError(
    "cluster-credentials",
    `The ${name} auth plugin of user "${user}" has been removed from Kubernetes.`,
    `Use the ${instead} credential plugin, as kubectl needs it too.`,
  );
}

/** Says it once: the renewed tokens are kept, and so the next request succeeds. */
async function persist(file: string, used: string, tokens: ProviderConfig): Promise<void> {
  const { writeTokens } = await import("./write-tokens.ts");
  await writeTokens(file, used, tokens).catch((error: NodeJS.ErrnoException) => {
    const why = error.code ?? error.message;
    throw new Error(`the provider gave another refresh-token, which cannot be written to ${file}: ${why}`);
  });
}

export interface AuthProvider {
  /**
   * The user's id-token, renewed after expiry; `undefined` without `auth-provider`. Parallel callers share a
   * renewal.
   * @throws UserError `cluster-credentials` for a provider other than `oidc`, or a failed renewal
   */
  readonly idToken: (user: UserEntry) => Promise<IdToken | undefined>;
}

/** Keeps renewed tokens until the kubeconfig has others, because kubectl writes its own there. */
export function createAuthProvider(options: OidcOptions & { readonly now: () => number }): AuthProvider {
  let kept: { readonly entry: string; readonly config: ProviderConfig } | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function current({ config, file }: NonNullable<UserEntry["authProvider"]>): Promise<IdToken> {
    const entry = JSON.stringify(config);
    const newest = kept?.entry === entry ? kept.config : config;
    const held = newest["id-token"];
    const token = held === undefined ? undefined : readIdToken(held);
    if (token !== undefined && options.now() < token.expiresAt) return token;
    const renewed = await renewTokens(newest, options);
    kept = { entry, config: renewed };
    const used = newest["refresh-token"];
    if (used !== undefined && renewed["refresh-token"] !== used) await persist(file, used, renewed);
    return readIdToken(renewed["id-token"]);
  }

  return {
    idToken: ({ name, authProvider }) => {
      if (authProvider === undefined) return Promise.resolve(undefined);
      if (authProvider.name !== "oidc") return Promise.reject(refusal(name, authProvider.name));
      // Sequential: a provider may accept each refresh token once.
      const token = last.then(() => current(authProvider));
      last = token.catch(() => undefined);
      return token.catch((error: unknown) => {
        if (options.signal.aborted) throw options.signal.reason;
        throw unusable(name, error);
      });
    },
  };
}
