import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { UserError } from "../errors.ts";
import { type Entries, readEntries } from "./entries.ts";

export interface KubeConfigFiles extends Entries {
  /** Existing files, in order. */
  readonly files: readonly string[];
  readonly searched: readonly string[];
}

export interface KubeConfigPlace {
  /** `--kubeconfig FILE`: only this one, which must exist. */
  readonly file?: string | undefined;
  /** For `KUBECONFIG` (a list of files) and `HOME`. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** kubectl's files: `--kubeconfig`, else those of `KUBECONFIG`, else `~/.kube/config`. */
export function kubeConfigFiles({ file, env }: KubeConfigPlace): readonly string[] {
  if (file !== undefined) return [file];
  const listed = (env.KUBECONFIG ?? "").split(delimiter).filter((file) => file !== "");
  return listed.length > 0 ? [...new Set(listed)] : [join(env.HOME ?? homedir(), ".kube", "config")];
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new UserError("bad-kubeconfig", `${file} cannot be read: ${code}.`);
  }
}

/** The first entry of a name wins, as in kubectl (client-go tools/clientcmd/loader.go). */
function merged<T>(maps: readonly ReadonlyMap<string, T>[]): ReadonlyMap<string, T> {
  return new Map(maps.toReversed().flatMap((map) => [...map]));
}

/**
 * Reads the kubeconfig as kubectl does: skips missing files of `KUBECONFIG`; the first entry of a name and
 * the first `current-context` win. Without files it is empty.
 * @throws UserError `bad-kubeconfig` with file and line, for an unreadable or inconsistent one
 */
export async function readKubeConfig(place: KubeConfigPlace): Promise<KubeConfigFiles> {
  const searched = kubeConfigFiles(place);
  const files: string[] = [];
  const all: Entries[] = [];
  for (const file of searched) {
    const text = await textOf(file);
    if (text === undefined && place.file !== undefined) {
      throw new UserError("bad-kubeconfig", `${file}: there is no such file.`);
    }
    if (text === undefined) continue;
    files.push(file);
    all.push(await readEntries(text, file, dirname(file)));
  }
  return {
    files,
    searched,
    contexts: merged(all.map(({ contexts }) => contexts)),
    clusters: merged(all.map(({ clusters }) => clusters)),
    users: merged(all.map(({ users }) => users)),
    currentContext: all.map(({ currentContext }) => currentContext).find((name) => name !== undefined),
  };
}
