import { closest } from "../closest.ts";

/** Suffixes that do not make a name another one. */
const GENERIC = /-(?:svc|service|srv|app|server)$/;

/** Comparing more names one by one would take too long. */
const MOST_NAMES = 200;

/** The name that was probably meant by an unknown one: a slip of two letters, or `web` for `web-svc`. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (known.length > MOST_NAMES) return undefined;
  const bare = (text: string) => text.replace(GENERIC, "");
  const same = known.find((candidate) => bare(candidate) === bare(name));
  return (
    same ??
    closest(
      name,
      known.filter((candidate) => !differsInNumber(name, candidate)),
    )
  );
}

/** `web-1` and `web-2` are two things. */
function differsInNumber(a: string, b: string): boolean {
  return a.replaceAll(/\d+/g, "0") === b.replaceAll(/\d+/g, "0");
}
