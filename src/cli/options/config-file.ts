import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Node, Pair } from "yaml";
import { closest } from "../../closest.ts";
import { UserError } from "../../errors.ts";
import type { OptionKey } from "../options.ts";
import { fileKeyOf, OPTION_KEYS } from "../options.ts";
import type { OptionPlace } from "./values.ts";

/** Read only in the current folder. */
const CONFIG_FILE = "ingress-dev.yaml";

interface FileValue {
  readonly raw: unknown;
  /** `ingress-dev.yaml:3 httpPort` */
  readonly place: OptionPlace;
}

/** Empty without a file. */
export type FileValues = ReadonlyMap<OptionKey, FileValue>;

async function readText(folder: string): Promise<string | undefined> {
  try {
    return await readFile(join(folder, CONFIG_FILE), "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return undefined;
    throw new UserError("bad-config", `${CONFIG_FILE} cannot be read: ${String(code)}.`);
  }
}

function unknownKey(name: string, place: OptionPlace): never {
  const meant = closest(name, OPTION_KEYS.map(fileKeyOf));
  throw new UserError(
    "bad-config",
    `${place}: there is no such key.`,
    meant === undefined ? `Known keys: ${OPTION_KEYS.map(fileKeyOf).join(", ")}.` : `Did you mean ${meant}?`,
  );
}

/**
 * Reads `ingress-dev.yaml` of a folder. Loads the YAML parser only for an existing file: it costs more than
 * the rest of a start.
 * @throws UserError `bad-config` with file and line, for a syntax error, a second document or an unknown key
 */
export async function readConfigFile(folder: string): Promise<FileValues> {
  const source = await readText(folder);
  if (source === undefined) return new Map();
  if (source.length > LONGEST)
    throw new UserError(
      "bad-config",
      `${CONFIG_FILE} has ${source.length} characters; the limit is ${LONGEST}.`,
    );
  try {
    return await readOptions(source);
  } catch (error) {
    if (error instanceof UserError) throw error;
    // For cyclic aliases or endless nesting the parser may throw anything.
    const message =
      error instanceof RangeError ? "it is nested too deeply" : String((error as Error).message);
    throw new UserError("bad-config", `${CONFIG_FILE} cannot be read: ${message}.`);
  }
}

/** Longer than any set of options. unit: bytes */
const LONGEST = 1024 * 1024;

async function readOptions(source: string): Promise<FileValues> {
  const { LineCounter, isMap, isScalar, parseDocument } = await import("yaml");
  const lineCounter = new LineCounter();
  const document = parseDocument(source, { lineCounter });
  const at = (offset: number): OptionPlace => `${CONFIG_FILE}:${lineCounter.linePos(offset).line}`;
  const failure = document.errors[0];
  if (failure !== undefined) {
    throw new UserError("bad-config", `${at(failure.pos[0])}: ${failure.message.split("\n")[0] ?? ""}`);
  }
  const root = document.contents;
  if (root === null) return new Map();
  if (!isMap(root)) throw new UserError("bad-config", `${CONFIG_FILE}:1: a map of options is expected.`);

  const values = new Map<OptionKey, FileValue>();
  for (const pair of root.items as readonly Pair<Node, Node | null>[]) {
    const name = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
    const place = `${at(pair.key.range?.[0] ?? 0)} ${name}`;
    const key = OPTION_KEYS.find((candidate) => fileKeyOf(candidate) === name) ?? unknownKey(name, place);
    const plain: unknown = pair.value?.toJS(document) ?? undefined;
    if (plain === undefined) continue;
    values.set(key, { raw: plain, place });
  }
  return values;
}
