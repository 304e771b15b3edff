import { lstat } from "node:fs/promises";
import { CODES, UserError } from "../../errors.ts";
import { isGlob } from "../../source/glob.ts";

/** The words of a command line, sorted. */
export interface Words {
  /** As written, in order. */
  readonly urls: readonly [string, ...string[]];
  readonly paths: readonly string[];
}

/** `namesHost`: a `Host` header is given, so a URL may start at its path. */
interface GivenOptions {
  readonly namesHost: boolean;
}

/**
 * The first word is a URL. Of the others, those with a scheme are, and those that look like `host/path` and are no file or
 * folder. @throws UserError `no-such-input` for a word that is neither
 */
export async function readWords(
  first: string,
  others: readonly string[],
  given: GivenOptions,
): Promise<Words> {
  const urls: [string, ...string[]] = [first];
  const paths: string[] = [];
  for (const word of others) ((await isUrl(word, given)) ? urls : paths).push(word);
  return { urls, paths };
}

async function isUrl(word: string, { namesHost }: GivenOptions): Promise<boolean> {
  if (hasScheme(word)) return true;
  if (word === "-" || (await exists(word))) return false;
  if (startsWithHost(word) || (namesHost && word.startsWith("/"))) return true;
  if (isGlob(word)) return false;
  const url = word.startsWith("/") || word.startsWith(".") ? undefined : `http://${word}`;
  const advice = url === undefined ? "" : ` If it is meant as a URL, write its scheme: ${url}`;
  throw new UserError("no-such-input", `${word} does not exist.`, `${CODES["no-such-input"]}${advice}`);
}

function hasScheme(word: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(word);
}

/** A dot or a port tells a host from a folder. The name of a file alone is no host. */
function startsWithHost(word: string): boolean {
  if (/\.ya?ml$/i.test(word) || /^[^/?#]*\.json$/i.test(word)) return false;
  const [, name = "", port] =
    /^(\[[^\]]+\]|[^.:*{}[\]\s/?#][^:*{}[\]\s/?#]*)(:\d*)?(?![^/?#])/.exec(word) ?? [];
  return name.startsWith("[") || name.includes(".") || (name !== "" && port !== undefined);
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
