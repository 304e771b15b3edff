import { closest } from "../../closest.ts";
import type { CommandLine, FlagNames, FlagValues } from "../command-line.ts";

/** A word of a command line, with anything that says where it stands. */
export interface Word<Place> {
  readonly text: string;
  readonly place: Place;
}

interface ReadFlag<Place> {
  readonly name: string;
  readonly value: string;
  readonly place: Place;
  readonly effect: "read" | "idle" | "unread";
}

export interface Refusal<Place> {
  readonly place: Place;
  /** A clause without the controller's name: `has no flag --cofigmap`. */
  readonly why: string;
  readonly meant: string | undefined;
}

export interface ReadCommandLine<Place> {
  readonly flags: readonly ReadFlag<Place>[];
  readonly refused: readonly Refusal<Place>[];
}

const NO_FLAGS: CommandLine = { images: [], read: [], idle: [] };
/** Go's `strconv.ParseBool`. */
const TRUE: ReadonlySet<string> = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const FALSE: ReadonlySet<string> = new Set(["0", "f", "F", "FALSE", "false", "False"]);

/**
 * Reads a command line as the controller does: `--name=value`, `--name value`, `--switch`, with one dash or two. Words that
 * are no flags (the program, `serve`) are passed over.
 */
export function readCommandLine<Place>(
  words: readonly Word<Place>[],
  line: CommandLine = NO_FLAGS,
): ReadCommandLine<Place> {
  const flags: ReadFlag<Place>[] = [];
  const refused: Refusal<Place>[] = [];
  const table = tableOf(line);
  for (let at = 0; at < words.length; at++) {
    const { text, place } = words[at] as Word<Place>;
    const [, written, , given] = /^--?([^-=][^=]*)(=(.*))?$/s.exec(text) ?? [];
    if (written === undefined) continue;
    const name = table.fold(written);
    const known = table.find(name);
    if (known === undefined) {
      const near = table.near(name);
      refused.push({ place, why: `has no flag --${written}`, meant: near && `--${near}` });
      continue;
    }
    const value = given ?? (known.takes === "switch" ? "true" : words[++at]?.text);
    if (value === undefined)
      refused.push({ place, why: `wants a value behind --${written}`, meant: undefined });
    else if (known.takes === "text") flags.push({ name, value, place, effect: known.effect });
    else if (TRUE.has(value)) flags.push({ name, value: "true", place, effect: known.effect });
    else if (FALSE.has(value)) flags.push({ name, value: "false", place, effect: known.effect });
    else
      refused.push({
        place,
        why: `takes only true or false for --${written}, not "${value}"`,
        meant: undefined,
      });
  }
  return { flags, refused };
}

/** Those that are read; of a name the last. */
export function flagValues(flags: readonly ReadFlag<unknown>[]): FlagValues {
  return new Map(flags.filter(({ effect }) => effect === "read").map(({ name, value }) => [name, value]));
}

interface KnownFlag {
  readonly takes: "switch" | "text";
  readonly effect: "read" | "idle" | "unread";
}

interface FlagTable {
  readonly fold: (name: string) => string;
  readonly find: (name: string) => KnownFlag | undefined;
  readonly near: (name: string) => string | undefined;
}

const TABLES = new WeakMap<CommandLine, FlagTable>();

function tableOf(line: CommandLine): FlagTable {
  const made = TABLES.get(line) ?? makeTable(line);
  TABLES.set(line, made);
  return made;
}

function makeTable({ spelling, read, idle, unread = [] }: CommandLine): FlagTable {
  const fold = (name: string) => (spelling === "caseless" ? name.toLowerCase() : name);
  const closed = new Map<string, KnownFlag>();
  const names: string[] = [];
  const open: {
    readonly parts: readonly string[];
    readonly folded: readonly string[];
    readonly flag: KnownFlag;
  }[] = [];
  const add = (listed: FlagNames, effect: KnownFlag["effect"]) => {
    for (const written of listed) {
      const name = written.replace(/=$/, "");
      const flag: KnownFlag = { takes: written.endsWith("=") ? "text" : "switch", effect };
      if (name.includes("<")) open.push({ parts: name.split("."), folded: fold(name).split("."), flag });
      else {
        closed.set(fold(name), flag);
        names.push(name);
      }
    }
  };
  add(read, "read");
  add(idle, "idle");
  add(unread, "unread");
  return {
    fold,
    find(name) {
      const parts = name.replaceAll(/\[\d+\]/g, "[]").split(".");
      const isLike = ({ folded }: (typeof open)[number]) =>
        folded.length === parts.length &&
        folded.every((part, at) => (isPlace(part) ? parts[at] !== "" : part === parts[at]));
      return closed.get(name) ?? open.find(isLike)?.flag;
    },
    near(name) {
      const given = name.split(".");
      const filled = open
        .filter(({ parts }) => parts.length === given.length)
        .map(({ parts }) => parts.map((part, at) => (isPlace(part) ? (given[at] ?? "") : part)).join("."));
      return closest(name, [...names, ...filled]);
    },
  };
}

function isPlace(part: string): boolean {
  return part.startsWith("<");
}
