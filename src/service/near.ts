import { closest } from "../closest.ts";

/** Words that are put behind a name without making it another. */
const GENERIC = /-(?:svc|service|srv|app|server)$/;

/** More names are not compared one by one: that would take too long. */
const MOST_NAMES = 200;

/** The name that was probably meant by one that is not there: a slip of two letters, or `web` for `web-svc`. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (known.length > MOST_NAMES) return undefined;
  const bare = (text: string) => text.replace(GENERIC, "");
  const same = known.find((other) => bare(other) === bare(name));
  return (
    same ??
    closest(
      name,
      known.filter((other) => !differsInNumber(name, other)),
    )
  );
}

/** `web-1` and `web-2` are two things. */
function differsInNumber(one: string, other: string): boolean {
  return one.replaceAll(/\d+/g, "0") === other.replaceAll(/\d+/g, "0");
}
