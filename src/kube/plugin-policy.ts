import { constants } from "node:fs";
import { access, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { UserError } from "../errors.ts";
import type { ExecEntry } from "./entries.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** A program's file: a path itself, a bare name by PATH; `undefined` if missing. */
async function resolved(command: string, { PATH = "" }: Env): Promise<string | undefined> {
  if (/[/\\]/.test(command)) return command;
  for (const folder of PATH.split(delimiter).filter((folder) => folder !== "")) {
    const path = join(folder, command);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}

function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

/** The user's kubectl preferences; empty without any, or with `KUBERC=off`. */
async function preferences(env: Env): Promise<{ readonly file: string; readonly content: unknown }> {
  const file = env.KUBERC ?? join(env.HOME ?? homedir(), ".kube", "kuberc");
  let text: string;
  try {
    text = file === "off" ? "" : await readFile(file, "utf8");
  } catch {
    return { file, content: undefined };
  }
  const { parseDocument } = await import("yaml");
  const document = parseDocument(text);
  if (document.errors.length > 0)
    throw new UserError("exec-plugin", `${file} is no YAML, so no plugin is run.`);
  return { file, content: document.toJS() };
}

/**
 * Checks a plugin against the user's kubectl preferences (`~/.kube/kuberc`, `KUBERC`), because a kubeconfig's
 * command is somebody else's code. `credentialPluginPolicy` is `AllowAll`, `DenyAll` or `Allowlist`, with
 * `credentialPluginAllowlist` (kubectl 1.35, KEP 3104). Names of the same file are equal.
 * @throws UserError `exec-plugin` for a forbidden plugin
 */
export async function requireAllowed({ command }: ExecEntry, env: Env): Promise<void> {
  const { file, content } = await preferences(env);
  const policy = fieldOf(content, "credentialPluginPolicy") ?? "AllowAll";
  if (policy === "AllowAll" || policy === "") return;
  const listed = fieldOf(content, "credentialPluginAllowlist");
  const names = policy === "Allowlist" && Array.isArray(listed) ? listed : [];
  const wanted = await resolved(command, env);
  for (const entry of names) {
    const name = fieldOf(entry, "command") ?? fieldOf(entry, "name");
    if (typeof name === "string" && wanted !== undefined && (await resolved(name, env)) === wanted) return;
  }
  throw new UserError(
    "exec-plugin",
    `The credential plugin ${command} of the kubeconfig may not be run: ${file} has credentialPluginPolicy: ${String(policy)}.`,
    `If it is to be run, add it to credentialPluginAllowlist in ${file}.`,
  );
}
