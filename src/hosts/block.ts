/**
 * The one marked block of the hosts file, and how it changes without a byte outside it changing.
 *
 * ```
 * # ingress-dev begin
 * # instance pid=4711 …
 * 127.0.0.1 www.basic1.com
 * ::1 www.basic1.com
 * # ingress-dev end
 * ```
 *
 * The block goes to the end of the file, in the file's own line ending, and stays where it is found afterwards.
 * Ours, wherever they stand, are exactly: the two marker lines, the two notes below, and a section's header with the
 * lines it certifies (`block/section.ts`). Every other line is the user's. So damaged markers (no end, no begin, two
 * blocks, one inside another, a line typed into the block) need no guessing: what is ours is taken up and one whole
 * block written in place of the first of it; what is the user's stays, byte for byte and in its order; what stood
 * inside the block then follows it.
 *
 * Bytes are handled as latin-1, one char a byte, so those that are no UTF-8 survive.
 */
import {
  bare,
  entryOf,
  isHeader,
  type Owner,
  type Section,
  sameOwner,
  sectionAt,
  writeSection,
} from "./block/section.ts";

export type { Owner } from "./block/section.ts";

const BEGIN = "# ingress-dev begin";
const END = "# ingress-dev end";
/** The file's last line had no end, so the line end before the block is ours too. */
const UNENDED = "# ingress-dev note: the line above had no line end";
/** There was no file, so none is left when the block goes. */
const CREATED = "# ingress-dev note: there was no such file";
const OURS: ReadonlySet<string> = new Set([BEGIN, END, UNENDED, CREATED]);

/** A hosts file, taken apart. */
export interface HostsText {
  /** `true` for a file that is not there. */
  readonly absent: boolean;
  /** With their line ends, so joined they are the file. */
  readonly lines: readonly string[];
  /** Indices of markers and notes. */
  readonly marks: readonly number[];
  readonly sections: readonly Section[];
}

/** What is to become of the block. */
export interface BlockEdit {
  /** Whose section it is. Every section it has now goes. */
  readonly owner: Owner;
  /** Its new lines, `127.0.0.1 www.basic1.com`; none: no section. */
  readonly lines: readonly string[];
  /** Whether the section of another owner stays as it is. */
  readonly keeps: (owner: Owner) => boolean;
}

/** What an owner remembers to have written, for telling it from a user's edits of the same section. */
export interface Written {
  readonly owner: Owner;
  readonly lines: ReadonlySet<string>;
}

/** Takes a hosts file apart; `undefined` is a file that is not there. Never fails; linear in the size of the file. */
export function readHosts(bytes: Buffer | undefined, written?: Written): HostsText {
  const lines = splitLines(bytes?.toString("latin1") ?? "");
  const marks: number[] = [];
  const sections: Section[] = [];
  const ends = (line: string): boolean => line.startsWith("# i") && (isMark(line) || isHeader(line));
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (!line.startsWith("# i")) continue;
    if (isMark(line)) marks.push(at);
    const section = sectionAt(lines, at, ends, written);
    if (section === undefined) continue;
    sections.push(section);
    at = section.end - 1;
  }
  return { absent: bytes === undefined, lines, marks, sections };
}

/**
 * The file after the edit; `undefined` where it is not to be there (it was not, or only the block made it).
 *
 * When the last section goes, so does the block, and the file is byte for byte what it was before the block came: a
 * missing last line end, noted in the block, is missing again unless the user has written something after the block.
 */
export function editBlock(text: HostsText, edit: BlockEdit): Buffer | undefined {
  const { lines } = text;
  const kept = text.sections.filter(({ owner }) => !sameOwner(owner, edit.owner) && edit.keeps(owner));
  const ours = taken(text, kept);
  const first = ours.indexOf(1);
  const before = (first < 0 ? lines : lines.slice(0, first)).join("");
  const after = first < 0 ? "" : lines.filter((_, at) => at > first && ours[at] === 0).join("");
  const noted = (note: string): string | undefined => {
    const at = text.marks.find((mark) => bare(lines[mark] ?? "").trimEnd() === note);
    return at === undefined ? undefined : lines[at];
  };
  const created = text.absent || noted(CREATED) !== undefined;
  const body = sectionsOf(text, kept, edit, eolOf(lines));
  if (body === "") {
    const rest = after === "" ? withoutEnd(before, noted(UNENDED)) : before + after;
    return rest === "" && created ? undefined : Buffer.from(rest, "latin1");
  }
  const eol = eolOf(lines);
  const addsEnd = before !== "" && !before.endsWith("\n");
  const unended = addsEnd || (noted(UNENDED) !== undefined && after === "");
  const block = [BEGIN, ...(created ? [CREATED] : []), ...(unended ? [UNENDED] : [])].map(
    (line) => line + eol,
  );
  return Buffer.from(before + (addsEnd ? eol : "") + block.join("") + body + END + eol + after, "latin1");
}

/** The lines that are not ours, with their 1-based numbers. */
export function* userLines(text: HostsText): Generator<{ readonly line: string; readonly number: number }> {
  const ours = taken(text, []);
  for (const [at, line] of text.lines.entries()) if (ours[at] === 0) yield { line, number: at + 1 };
}

/** Every host that a section holds. */
export function blockEntries(
  text: HostsText,
): readonly { readonly owner: Owner; readonly address: string; readonly host: string }[] {
  return text.sections.flatMap(({ owner, own }) =>
    own.flatMap((at) => {
      const entry = entryOf(text.lines[at] ?? "");
      return entry === undefined ? [] : [{ owner, ...entry }];
    }),
  );
}

/** 1 for each line that is ours; of the sections in `whole`, also what a user typed into them. */
function taken(text: HostsText, whole: readonly Section[]): Uint8Array {
  const ours = new Uint8Array(text.lines.length);
  for (const mark of text.marks) ours[mark] = 1;
  for (const { start, end } of whole) ours.fill(1, start, end);
  for (const { start, own } of text.sections) for (const at of [start, ...own]) ours[at] = 1;
  return ours;
}

/** The sections that stay, as they are, with the owner's own in its old place or last. */
function sectionsOf(text: HostsText, kept: readonly Section[], edit: BlockEdit, eol: string): string {
  const own = edit.lines.length === 0 ? "" : writeSection(edit.owner, edit.lines, eol);
  const asIs = (section: Section): string => {
    const raw = text.lines.slice(section.start, section.end).join("");
    return raw.endsWith("\n") ? raw : raw + eol;
  };
  const place = text.sections.find(({ owner }) => sameOwner(owner, edit.owner))?.start ?? text.lines.length;
  const earlier = kept.filter(({ start }) => start < place);
  const later = kept.filter(({ start }) => start > place);
  return [...earlier.map(asIs), own, ...later.map(asIs)].join("");
}

function isMark(line: string): boolean {
  return OURS.has(bare(line).trimEnd());
}

/** `text` without its last line end, where a note (whose own line end is the same) says that it was added. */
function withoutEnd(text: string, note: string | undefined): string {
  if (note === undefined) return text;
  const eol = note.endsWith("\r\n") ? "\r\n" : "\n";
  return text.endsWith(eol) ? text.slice(0, -eol.length) : text;
}

/** The line ending that most lines have. */
function eolOf(lines: readonly string[]): string {
  const crlf = lines.reduce((count, line) => count + (line.endsWith("\r\n") ? 1 : 0), 0);
  return crlf * 2 > lines.length - (lines.at(-1)?.endsWith("\n") === false ? 1 : 0) ? "\r\n" : "\n";
}

function splitLines(text: string): string[] {
  const lines: string[] = [];
  let start = 0;
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
    lines.push(text.slice(start, end + 1));
    start = end + 1;
  }
  if (start < text.length) lines.push(text.slice(start));
  return lines;
}
