import type { BigIntStats } from "node:fs";
import { stat } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { CODES } from "../errors.ts";
import { isTestFile } from "../expect/is-test-file.ts";
import type { ParsedText } from "../manifest/parse.ts";
import { createParseCache, type ParseCache } from "../manifest/parse-cache.ts";
import { Trees } from "../manifest/source-document.ts";
import type { Problem } from "../model/problem.ts";
import { type FoundFiles, findFiles, type Input } from "./inputs.ts";
import { type InUse, keepAll, keepLastGood } from "./last-good.ts";
import { type FileId, fileId } from "./outputs.ts";
import { parseInTurns, type ReadGeneral } from "./parse-in-turns.ts";
import { type FileText, readTextFile } from "./read-file.ts";

interface KnownFile {
  /** Inode, size and times: equal ones mean that nothing was written. */
  readonly stamp: string;
  /** Of the text; the documents keep the text itself. `undefined`: the file could not be read. */
  readonly digest: string | undefined;
  readonly isBlank: boolean;
  /** A test file, which counts as no file of manifests. */
  readonly isTests?: boolean | undefined;
  readonly cache: ParseCache;
  readonly inUse: InUse;
  readonly passedOver: ReadonlyMap<string, number>;
  /** When the file was first seen missing or empty. An editor may do that for a moment. */
  readonly doubtSince?: number | undefined;
}

export interface Content {
  readonly files: readonly string[];
  readonly parts: readonly Pick<InUse, "resources" | "problems">[];
  readonly problems: readonly Problem[];
  readonly passedOver: ReadonlyMap<string, number>;
}

/** The name of a file (`<stdin>` for standard input), and its text. */
export type OnText = (file: string, text: string) => void;

export interface Store {
  /**
   * Reads what changed. `dirty` names files that were written, whatever their times tell. `changed`: something differs
   * from the last time. `doubtful`: a file is newly missing or empty, so ask again soon.
   */
  refresh(
    dirty: ReadonlySet<string>,
    readGeneral?: ReadGeneral,
  ): Promise<{ content: Content; changed: boolean; doubtful: boolean }>;
  /** True for an absolute path that was passed over because the program itself writes it. */
  isOutput(path: string): boolean;
}

/** The time that a file must be missing or empty before that counts. */
const DOUBT_MS = 300;
const AT_ONCE = 16;
const GONE = { kind: "gone" } as const;
const NOTHING: InUse = { resources: [], problems: [], unmatched: new Set() };

/** `outputs`: files that the program itself writes. They are passed over, unless they were named. */
export function createStore(
  inputs: readonly Input[],
  namespace: string,
  outputs: ReadonlySet<FileId> = new Set(),
  onText?: OnText,
): Store {
  const trees = new Trees();
  let known = new Map<string, KnownFile>();
  let last = "";
  let passedOver: ReadonlySet<string> = new Set();
  return {
    isOutput: (path) => passedOver.has(path),
    async refresh(dirty, readGeneral) {
      const listed = await findFiles(inputs);
      const read = await readAll(listed, known, dirty, outputs);
      const isOutput = (file: string) => read.get(file)?.kind === "output";
      const found = { ...listed, files: listed.files.filter((file) => !isOutput(file)) };
      passedOver = new Set(listed.files.filter(isOutput).map((file) => resolve(file)));
      const appeared = digestsOfNew(read, known);
      const next = new Map<string, KnownFile>();
      for (const file of orderOf(found.files, known)) {
        const before = known.get(file);
        const reading = read.get(file);
        // Known by a name that an output has now, it is gone.
        const text = reading === undefined || reading.kind === "output" ? GONE : reading;
        if (text.kind === "text") onText?.(file, text.text);
        const at = { file, namespace, readGeneral, trees, isWritten: dirty.has(resolve(file)) };
        const isKept = text.kind === "gone" && isBelow(file, found.unlisted);
        const after = isKept ? before : await settle(at, before, text, appeared);
        if (after !== undefined) next.set(file, after);
      }
      const changed = !sameFiles(known, next) || summary(found) !== last;
      [known, last] = [next, summary(found)];
      const doubtful = [...next.values()].some((file) => file.doubtSince !== undefined);
      return { content: contentOf(found, next), changed, doubtful };
    },
  };
}

type Reads = ReadonlyMap<string, ReadFile>;
type ReadFile =
  | Exclude<FileText, { kind: "text" }>
  | { readonly kind: "same" }
  /** Written by the program itself. */
  | { readonly kind: "output" }
  | (Extract<FileText, { kind: "text" }> & { readonly stamp: string });

async function readAll(
  { files, named }: FoundFiles,
  known: ReadonlyMap<string, KnownFile>,
  dirty: ReadonlySet<string>,
  outputs: ReadonlySet<FileId>,
): Promise<Reads> {
  const read = new Map<string, ReadFile>();
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const batch = files.slice(at, at + AT_ONCE);
    await Promise.all(
      batch.map(async (file) => {
        const facts = await factsOf(file);
        if (facts !== undefined && outputs.has(fileId(facts)) && !named.has(file))
          return read.set(file, { kind: "output" });
        const stamp = facts === undefined ? "" : stampOf(facts);
        const before = known.get(file);
        const untouched =
          before?.stamp === stamp && before.doubtSince === undefined && !dirty.has(resolve(file));
        if (untouched) return read.set(file, { kind: "same" });
        const text = await readTextFile(file);
        return read.set(file, text.kind === "text" ? { ...text, stamp } : text);
      }),
    );
  }
  return read;
}

async function factsOf(file: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(file, { bigint: true });
  } catch {
    return undefined;
  }
}

function stampOf({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}

interface Settling {
  readonly file: string;
  readonly namespace: string;
  readonly readGeneral: ReadGeneral | undefined;
  readonly trees: Trees;
  /** Written, deleted or made since the last time. */
  readonly isWritten: boolean;
}

/** The state of a file after it was read; `undefined`: the file is gone. */
async function settle(
  { file, namespace, readGeneral, trees, isWritten }: Settling,
  before: KnownFile | undefined,
  read: Exclude<ReadFile, { kind: "output" }> | { readonly kind: "gone" },
  appeared: ReadonlySet<string>,
): Promise<KnownFile | undefined> {
  if (read.kind === "same") return before;
  if (read.kind === "gone") {
    // A file whose text appears under another name is gone for good.
    const isMoved = before?.digest !== undefined && appeared.has(before.digest);
    return before === undefined || isMoved ? undefined : doubt(before, isWritten);
  }
  const cache = before?.cache ?? createParseCache(trees);
  if (read.kind === "problem") return unreadable(file, before, read.problem, cache);
  const { stamp, text, digest } = read;
  if (before !== undefined && before.digest === digest) return { ...before, stamp, doubtSince: undefined };
  const isBlank = text.trim() === "";
  if (before?.digest !== undefined && isBlank && !before.isBlank) {
    const kept = doubt(before, isWritten);
    if (kept !== undefined) return kept;
  }
  const isTests = isTestFile(file, text);
  if (isTests && before?.isTests === true) return { ...before, stamp, digest, doubtSince: undefined };
  // Requests and expectations among the manifests: nothing of them is looked at.
  const parsed = await parseInTurns(isTests ? "" : text, file, namespace, cache, readGeneral);
  const inUse = keepLastGood(before?.inUse ?? NOTHING, parsed, file);
  return { stamp, digest, isBlank, isTests, cache, inUse, passedOver: parsed.passedOver };
}

function unreadable(
  file: string,
  before: KnownFile | undefined,
  problem: Problem,
  cache: ParseCache,
): KnownFile {
  if (before?.digest === undefined && before?.inUse.problems[0]?.message === problem.message) return before;
  const inUse = keepAll(before?.inUse ?? NOTHING, problem, file);
  return { stamp: "", digest: undefined, isBlank: false, cache, inUse, passedOver: new Map() };
}

/** The previous file, until it has been missing or empty long enough without a write. */
function doubt(before: KnownFile, isWritten: boolean): KnownFile | undefined {
  const since = isWritten ? performance.now() : (before.doubtSince ?? performance.now());
  return performance.now() - since >= DOUBT_MS ? undefined : { ...before, doubtSince: since };
}

function digestsOfNew(read: Reads, known: ReadonlyMap<string, KnownFile>): ReadonlySet<string> {
  const digests = new Set<string>();
  for (const [file, content] of read)
    if (content.kind === "text" && !known.has(file)) digests.add(content.digest);
  return digests;
}

function isBelow(file: string, folders: readonly string[]): boolean {
  return folders.some((folder) => {
    const path = relative(folder, file);
    return path !== "" && !path.startsWith("..");
  });
}

function orderOf(files: readonly string[], known: ReadonlyMap<string, KnownFile>): readonly string[] {
  const found = new Set(files);
  const behind = new Map<string, string[]>();
  let previous = "";
  for (const file of known.keys()) {
    if (found.has(file)) {
      previous = file;
      continue;
    }
    const gone = behind.get(previous) ?? [];
    gone.push(file);
    behind.set(previous, gone);
  }
  return ["", ...files].flatMap((file) => [file, ...(behind.get(file) ?? [])]).slice(1);
}

function sameFiles(a: ReadonlyMap<string, KnownFile>, b: ReadonlyMap<string, KnownFile>): boolean {
  const [left, right] = [[...a], [...b]];
  return (
    left.length === right.length &&
    left.every(([file, state], at) => right[at]?.[0] === file && right[at]?.[1].inUse === state.inUse)
  );
}

function summary(found: FoundFiles): string {
  return JSON.stringify([found.problems, found.passedOver]);
}

function contentOf(found: FoundFiles, files: ReadonlyMap<string, KnownFile>): Content {
  const passedOver = new Map<string, number>();
  if (found.passedOver > 0) passedOver.set("not a Kubernetes object", found.passedOver);
  for (const file of files.values()) {
    for (const [kind, count] of file.passedOver) passedOver.set(kind, (passedOver.get(kind) ?? 0) + count);
  }
  return {
    files: [...files].filter(([, { isTests }]) => isTests !== true).map(([file]) => file),
    parts: [...files.values()].map((file) => file.inUse),
    problems: [...found.problems, ...[...found.named].flatMap((file) => emptyNamed(file, files.get(file)))],
    passedOver,
  };
}

/** A file that the user named must hold something. */
function emptyNamed(file: string, known: KnownFile | undefined): readonly Problem[] {
  if (known?.isTests === true) return [];
  if (known === undefined) return [noObjects(file, `${file} no longer exists`)];
  return emptyText(file, file, known.inUse ?? NOTHING, known.passedOver);
}

/** `name`: of the file, in words */
export function emptyText(
  file: string,
  name: string,
  { resources, problems }: Pick<ParsedText, "resources" | "problems">,
  passedOver: ReadonlyMap<string, number>,
): readonly Problem[] {
  if (resources.length > 0 || problems.length > 0) return [];
  const counted = [...passedOver].map(([kind, count]) => `${count} ${kind}`).join(", ");
  const only = counted === "" ? "" : ` (only: ${counted})`;
  return [noObjects(file, `${name} holds no object that is served${only}`)];
}

function noObjects(file: string, message: string): Problem {
  return { code: "no-objects", level: "warning", message, fix: CODES["no-objects"], file };
}

export function contentOfText(file: string, parsed: ParsedText): Content {
  return { files: [file], parts: [parsed], problems: [], passedOver: parsed.passedOver };
}
