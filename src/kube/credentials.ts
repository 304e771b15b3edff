import { readFile } from "node:fs/promises";
import type { RequestOptions } from "node:https";
import { UserError } from "../errors.ts";
import type { ChosenContext } from "./context.ts";
import type { UserEntry } from "./entries.ts";
import type { ExecCredential } from "./exec-plugin.ts";

/** What a connection to the API server is made with: an agent (certificates, proxy) and headers. */
export type Access = Pick<
  RequestOptions,
  "agent" | "headers" | "auth" | "ca" | "cert" | "key" | "servername" | "rejectUnauthorized"
>;

/** Ways to authenticate that kubectl no longer has, in its own words, and the way that took their place. */
const REMOVED: ReadonlyMap<string, string> = new Map([
  ["gcp", "gke-gcloud-auth-plugin"],
  ["azure", "kubelogin"],
]);

async function tokenFrom(user: UserEntry): Promise<string | undefined> {
  // A token file goes before a token: it is the newer one (client-go tools/clientcmd/client_config.go).
  if (user.tokenFile === undefined) return user.token;
  try {
    return (await readFile(user.tokenFile, "utf8")).trim();
  } catch (error) {
    if (user.token !== undefined) return user.token;
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const message = `The token file ${user.tokenFile} of user "${user.name}" cannot be read: ${code}.`;
    throw new UserError("cluster-credentials", message);
  }
}

function refuseRemoved(user: UserEntry): void {
  const name = String(user.authProvider?.name ?? "");
  const instead = REMOVED.get(name);
  if (instead === undefined) return;
  const message = `The ${name} auth plugin of user "${user.name}" has been removed from Kubernetes.`;
  throw new UserError(
    "cluster-credentials",
    message,
    `Use the ${instead} credential plugin, as kubectl needs it too.`,
  );
}

/** base64, as `…-data` fields have it. */
function encoded(pem: string | undefined): string | undefined {
  return pem === undefined ? undefined : Buffer.from(pem, "utf8").toString("base64");
}

/** The entries in the library's terms. Where data and file are both there, the data count (client-go, dataFromSliceOrFile). */
function libraryUser(user: UserEntry, token: string | undefined, exec: ExecCredential | undefined) {
  const [cert, key] = [encoded(exec?.cert) ?? user.certData, encoded(exec?.key) ?? user.keyData];
  return {
    name: "user",
    ...(cert === undefined ? { certFile: user.certFile } : { certData: cert }),
    ...(key === undefined ? { keyFile: user.keyFile } : { keyData: key }),
    token: exec?.token ?? token,
    username: user.username,
    password: user.password,
    authProvider: user.authProvider,
  };
}

/**
 * What to connect with, from the entries of a context and what its plugin printed. Reads token, certificate and key
 * files. `@kubernetes/client-node` makes it: agents, proxies, OpenID Connect. It is loaded here, at the first request.
 *
 * Throws `UserError("cluster-credentials")` where a file cannot be read, or a token cannot be renewed.
 */
export async function accessFor(
  { cluster, user }: ChosenContext,
  exec: ExecCredential | undefined,
  proxyUrl: string | undefined,
): Promise<Access> {
  if (user !== undefined) refuseRemoved(user);
  const token = user === undefined ? undefined : await tokenFrom(user);
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  const isPlain = cluster.server.startsWith("http:");
  config.loadFromOptions({
    clusters: [
      {
        name: "cluster",
        server: cluster.server,
        ...(cluster.caData === undefined ? { caFile: cluster.caFile } : { caData: cluster.caData }),
        // The library takes http only with this set, and kubectl without (`kubectl proxy`).
        skipTLSVerify: isPlain || cluster.verify === "insecure",
        tlsServerName: cluster.tlsServerName,
        proxyUrl,
      },
    ],
    users: [user === undefined ? { name: "user" } : libraryUser(user, token, exec)],
    contexts: [{ name: "context", cluster: "cluster", user: "user" }],
    currentContext: "context",
  });
  const access: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(access);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      "cluster-credentials",
      `The credentials of user "${user?.name ?? ""}" cannot be used: ${reason}.`,
    );
  }
  const { agent, auth, ca, cert, key, servername, rejectUnauthorized } = access;
  const headers = { ...access.headers, ...Object.fromEntries(user?.impersonate ?? []) };
  return { agent, auth, ca, cert, key, servername, rejectUnauthorized, headers };
}
