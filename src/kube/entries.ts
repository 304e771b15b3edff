import { isAbsolute, join } from "node:path";
import { UserError } from "../errors.ts";

export interface ClusterEntry {
  readonly name: string;
  readonly server: string;
  readonly caFile?: string | undefined;
  /** base64 */
  readonly caData?: string | undefined;
  /** `insecure-skip-tls-verify`. */
  readonly verify: "verify" | "insecure";
  readonly tlsServerName?: string | undefined;
  readonly proxyUrl?: string | undefined;
}

/** `user.exec`: a command that prints credentials. */
export interface ExecEntry {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly (readonly [name: string, value: string])[];
  readonly installHint: string;
  readonly clusterInfo: "provided" | "withheld";
  readonly interactiveMode: string;
}

/** `user.auth-provider.config`, by kubeconfig names. */
export type ProviderConfig = Readonly<Record<string, string | undefined>>;

/** `oidc`, or one that kubectl dropped. */
interface AuthProviderEntry {
  readonly name: string;
  /** The kubeconfig that holds it. */
  readonly file: string;
  readonly config: ProviderConfig;
}

export interface UserEntry {
  readonly name: string;
  readonly certFile?: string | undefined;
  readonly certData?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly keyData?: string | undefined;
  readonly token?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly exec?: ExecEntry | undefined;
  readonly authProvider?: AuthProviderEntry | undefined;
  /** `Impersonate-…` headers. */
  readonly impersonate: readonly (readonly [name: string, value: string | readonly string[]])[];
}

export interface ContextEntry {
  readonly name: string;
  readonly cluster: string;
  readonly user: string;
  readonly namespace?: string | undefined;
}

export interface Entries {
  readonly contexts: ReadonlyMap<string, ContextEntry>;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
  readonly currentContext: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** `""` counts as absent, as in Go. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Relative to the kubeconfig (client-go, ResolveLocalPaths). */
function pathOf(value: unknown, folder: string): string | undefined {
  const path = textOf(value);
  return path === undefined || isAbsolute(path) ? path : join(folder, path);
}

function clusterOf(name: string, fields: Fields, folder: string): ClusterEntry {
  return {
    name,
    server: (textOf(fields.server) ?? "").replace(/\/+$/, ""),
    caFile: pathOf(fields["certificate-authority"], folder),
    caData: textOf(fields["certificate-authority-data"]),
    verify: fields["insecure-skip-tls-verify"] === true ? "insecure" : "verify",
    tlsServerName: textOf(fields["tls-server-name"]),
    proxyUrl: textOf(fields["proxy-url"]),
  };
}

function execOf(value: unknown, folder: string): ExecEntry | undefined {
  const fields = fieldsOf(value);
  const command = textOf(fields.command);
  if (command === undefined) return undefined;
  return {
    apiVersion: textOf(fields.apiVersion) ?? "client.authentication.k8s.io/v1",
    // With a slash it is a file relative to the kubeconfig, otherwise a name in PATH.
    command: /[/\\]/.test(command) && !isAbsolute(command) ? join(folder, command) : command,
    args: listOf(fields.args).map(String),
    env: listOf(fields.env).map((item) => {
      const { name, value: content } = fieldsOf(item);
      return [String(name ?? ""), String(content ?? "")];
    }),
    installHint: textOf(fields.installHint) ?? "",
    clusterInfo: fields.provideClusterInfo === true ? "provided" : "withheld",
    interactiveMode: textOf(fields.interactiveMode) ?? "IfAvailable",
  };
}

function authProviderOf(fields: Fields, file: string): AuthProviderEntry | undefined {
  const name = textOf(fields.name);
  if (name === undefined) return undefined;
  const config = Object.entries(fieldsOf(fields.config)).map(([key, value]) => [key, textOf(value)] as const);
  return { name, file, config: Object.fromEntries(config) };
}

function impersonationOf(fields: Fields): UserEntry["impersonate"] {
  const headers: (readonly [string, string | readonly string[]])[] = [];
  const [user, uid] = [textOf(fields.as), textOf(fields["as-uid"])];
  const groups = listOf(fields["as-groups"]).map(String);
  if (user !== undefined) headers.push(["Impersonate-User", user]);
  if (uid !== undefined) headers.push(["Impersonate-Uid", uid]);
  if (groups.length > 0) headers.push(["Impersonate-Group", groups]);
  for (const [key, values] of Object.entries(fieldsOf(fields["as-user-extra"]))) {
    headers.push([`Impersonate-Extra-${encodeURIComponent(key)}`, listOf(values).map(String)]);
  }
  return headers;
}

function userOf(name: string, fields: Fields, folder: string, file: string): UserEntry {
  return {
    name,
    certFile: pathOf(fields["client-certificate"], folder),
    certData: textOf(fields["client-certificate-data"]),
    keyFile: pathOf(fields["client-key"], folder),
    keyData: textOf(fields["client-key-data"]),
    token: textOf(fields.token),
    tokenFile: pathOf(fields.tokenFile ?? fields["token-file"], folder),
    username: textOf(fields.username),
    password: textOf(fields.password),
    exec: execOf(fields.exec, folder),
    authProvider: authProviderOf(fieldsOf(fields["auth-provider"]), file),
    impersonate: impersonationOf(fields),
  };
}

function contextOf(name: string, fields: Fields): ContextEntry {
  const [cluster, user] = [textOf(fields.cluster) ?? "", textOf(fields.user) ?? ""];
  return { name, cluster, user, namespace: textOf(fields.namespace) };
}

/** Entries by name; the first of a name wins. */
function named<T>(
  list: unknown,
  key: string,
  read: (name: string, fields: Fields) => T,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const item of listOf(list)) {
    const fields = fieldsOf(item);
    const name = textOf(fields.name);
    if (name !== undefined && !found.has(name)) found.set(name, read(name, fieldsOf(fields[key])));
  }
  return found;
}

/** The YAML reader refuses aliases that would unfold to millions of values. */
function rootOf(document: { toJS(): unknown }, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new UserError(
      "bad-kubeconfig",
      `${file}: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

/**
 * Reads one kubeconfig's text; paths are relative to its folder.
 * @throws UserError `bad-kubeconfig` with file and line, unless it is a YAML map
 */
export async function readEntries(text: string, file: string, folder: string): Promise<Entries> {
  const { LineCounter, parseDocument } = await import("yaml");
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const failure = document.errors[0];
  if (failure !== undefined) {
    const { line } = lineCounter.linePos(failure.pos[0]);
    const reason = failure.message.split("\n")[0]?.replace(/ at line \d+, column \d+:$/, "") ?? "";
    throw new UserError("bad-kubeconfig", `${file}:${line}: ${reason}.`);
  }
  const root = rootOf(document, file);
  if (root !== null && root !== undefined && (typeof root !== "object" || Array.isArray(root))) {
    throw new UserError(
      "bad-kubeconfig",
      `${file}:1: a kubeconfig is a map with clusters, users and contexts.`,
    );
  }
  const fields = fieldsOf(root);
  return {
    clusters: named(fields.clusters, "cluster", (name, entry) => clusterOf(name, entry, folder)),
    users: named(fields.users, "user", (name, entry) => userOf(name, entry, folder, file)),
    contexts: named(fields.contexts, "context", contextOf),
    currentContext: textOf(fields["current-context"]),
  };
}
