import { readFile } from "node:fs/promises";
import type { Agent, OutgoingHttpHeaders } from "node:http";
import { UserError } from "../errors.ts";
import { type AgentTls, agentFor, type TunnelOptions } from "./agent.ts";
import type { ChosenContext } from "./context.ts";
import type { ClusterEntry, UserEntry } from "./entries.ts";
import type { ExecCredential } from "./exec-plugin.ts";
import { pemOf } from "./pem.ts";

export interface Access {
  readonly agent: Agent;
  readonly headers: OutgoingHttpHeaders;
}

/** Credentials from outside of the kubeconfig. */
export interface Obtained {
  readonly exec?: ExecCredential | undefined;
  readonly idToken?: string | undefined;
}

export function unusable(user: string, error: unknown): UserError {
  const reason = error instanceof Error ? error.message : String(error);
  const message = `The credentials of user "${user}" cannot be used: ${reason}.`;
  return new UserError("cluster-credentials", message);
}

async function tokenFrom(user: UserEntry): Promise<string | undefined> {
  // A token file wins over a token (client-go tools/clientcmd/client_config.go).
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

async function tlsOf(
  cluster: ClusterEntry,
  user: UserEntry | undefined,
  exec: ExecCredential | undefined,
): Promise<AgentTls> {
  return {
    ca: await pemOf(cluster.caData, cluster.caFile),
    cert: exec?.cert ?? (await pemOf(user?.certData, user?.certFile)),
    key: exec?.key ?? (await pemOf(user?.keyData, user?.keyFile)),
    servername: cluster.tlsServerName,
    ...(cluster.verify === "insecure" ? { rejectUnauthorized: false } : {}),
  };
}

function basicOf({ username, password = "" }: UserEntry): string | undefined {
  return username && `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`;
}

async function headersOf(user: UserEntry, { exec, idToken }: Obtained): Promise<OutgoingHttpHeaders> {
  const token = exec?.token ?? (await tokenFrom(user)) ?? idToken;
  const authorization = token === undefined ? basicOf(user) : `Bearer ${token}`;
  return { ...(authorization && { authorization }), ...Object.fromEntries(user.impersonate) };
}

/**
 * Agent and headers for a context. Reads token, certificate and key files.
 * @throws UserError `cluster-credentials` for an unreadable or invalid file
 */
export async function accessFor(
  { cluster, user }: ChosenContext,
  obtained: Obtained,
  proxy: TunnelOptions | undefined,
): Promise<Access> {
  const headers = user === undefined ? {} : await headersOf(user, obtained);
  try {
    const tls = await tlsOf(cluster, user, obtained.exec);
    const scheme = cluster.server.startsWith("https:") ? "https" : "http";
    return { agent: agentFor(scheme, tls, proxy), headers };
  } catch (error) {
    throw unusable(user?.name ?? "", error);
  }
}
