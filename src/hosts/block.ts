/**
 * The one marked block of the hosts file, and its changes, which touch no byte outside it.
 *
 * ```
 * # ingress-dev begin
 * # instance pid=4711 started=8130 boot=5c3f… lines=3b0c9f21c70a118e
 * 127.0.0.1 www.basic1.com
 * ::1 www.basic1.com
 * # ingress-dev end
 * ```
 *
 * The block goes to the end of the file, in the file's own line ending, and stays where it is found afterwards.
 * Ours are exactly: the markers, the two notes below, the header of each instance, and the lines below a header whose
 * fingerprints it lists. Every other line is the user's, wherever it stands. So damaged markers need no repair: the
 * block is written anew in place of the first line of ours, and the user's lines stay in their order.
 *
 * Bytes are read as latin-1, one character per byte, so those that are not UTF-8 survive.
 */

const BEGIN = "# ingress-dev begin";
const END = "# ingress-dev end";
/** The file's last line had no end, so the line end before the block is ours too. */
const UNENDED = "# ingress-dev note: the line above had no line end";
/** There was no file, so none is left when the block goes. */
const CREATED = "# ingress-dev note: there was no such file";
const MARKS: ReadonlySet<string> = new Set([BEGIN, END, UNENDED, CREATED]);
const HEADER = /^# instance pid=(\d{1,10}) started=([\w.-]*) boot=([\w.-]*) lines=((?:[0-9a-f]{8})*)$/;
/** An entry in the form of hostile: address, one space, host. */
const ENTRY = /^([0-9a-fA-F.:]+) ([a-z0-9.-]+)$/;

/** The process that owns lines or a lock. `started` and `boot` are `""` if the system lacks them. */
export interface Owner {
  readonly pid: number;
  /** The start of the process, as the system counts it. Tells it from a later process with the same pid. */
  readonly started: string;
  /** The boot of the machine: pids and starts are only unique within one. */
  readonly boot: string;
}

interface Section {
  readonly owner: Owner;
  readonly lines: readonly string[];
}

/** A line of the user's, with its end and its 1-based number. */
export interface NumberedLine {
  readonly line: string;
  readonly number: number;
}

export interface HostsText {
  /** True for a file that does not exist, or that came with the block. */
  readonly created: boolean;
  readonly eol: string;
  /** The line end that came with the block, if one was missing. */
  readonly addedEnd: string | undefined;
  /** The user's lines above the first of ours, and the others. */
  readonly before: readonly NumberedLine[];
  readonly after: readonly NumberedLine[];
  readonly sections: readonly Section[];
}

export interface BlockEdit {
  readonly owner: Owner;
  /** The owner's new lines, `127.0.0.1 www.basic1.com`; none: no section. */
  readonly lines: readonly string[];
  /** True if another owner's section stays. */
  readonly keeps: (owner: Owner) => boolean;
}

/** Takes a hosts file apart; `undefined` is no file. Never fails. Linear in the size of the file. */
export function readHosts(bytes: Buffer | undefined): HostsText {
  const text = bytes?.toString("latin1") ?? "";
  const marks = new Map<string, string>();
  const sections: OpenSection[] = [];
  const before: NumberedLine[] = [];
  const after: NumberedLine[] = [];
  let section: OpenSection | undefined;
  for (const [at, line] of (text.match(/[^\n]*\n|[^\n]+/g) ?? []).entries()) {
    const bare = line.replace(/\r?\n$/, "");
    const comment = line.startsWith("# i") ? line.trimEnd() : "";
    const header = HEADER.exec(comment);
    if (MARKS.has(comment)) {
      marks.set(comment, line);
      section = undefined;
    } else if (header !== null) {
      section = sectionOf(header);
      sections.push(section);
    } else if (section === undefined || !ENTRY.test(bare) || !takesLine(section, bare))
      (marks.size + sections.length === 0 ? before : after).push({ line, number: at + 1 });
  }
  const created = bytes === undefined || marks.has(CREATED);
  return { created, eol: eolOf(text), addedEnd: lineEndOf(marks.get(UNENDED)), before, after, sections };
}

/**
 * The file after the edit; `undefined`: no file (there was none, or only the block made it).
 *
 * With the last section the block goes, and the file is byte for byte as before. A line end that came with the block
 * goes too, unless the user has written below the block.
 */
export function editBlock(text: HostsText, { owner, lines, keeps }: BlockEdit): Buffer | undefined {
  const { created, eol } = text;
  const own = ownerFields(owner);
  const sections = new Map<string, Section>();
  for (const section of text.sections) {
    const key = ownerFields(section.owner);
    if (key === own || keeps(section.owner)) sections.set(key, section);
  }
  // A key that is there keeps its place.
  if (lines.length > 0) sections.set(own, { owner, lines });
  else sections.delete(own);
  const before = joined(text.before);
  const after = joined(text.after);
  const addedEnd = after === "" ? text.addedEnd : undefined;
  if (sections.size === 0) {
    const rest =
      addedEnd !== undefined && before.endsWith(addedEnd) ? before.slice(0, -addedEnd.length) : before;
    return rest + after === "" && created ? undefined : Buffer.from(rest + after, "latin1");
  }
  const lacksEnd = before !== "" && !before.endsWith("\n");
  const block = [
    BEGIN,
    ...(created ? [CREATED] : []),
    ...(lacksEnd || addedEnd !== undefined ? [UNENDED] : []),
    ...[...sections.values()].flatMap((section) => [headerOf(section), ...section.lines]),
    END,
  ];
  const ours = block.map((line) => line + eol).join("");
  return Buffer.from(before + (lacksEnd ? eol : "") + ours + after, "latin1");
}

export function userLines({ before, after }: HostsText): readonly NumberedLine[] {
  return [...before, ...after];
}

export function entryOf(line: string): { readonly address: string; readonly host: string } {
  const [address = "", host = ""] = line.split(" ");
  return { address, host };
}

interface OpenSection extends Section {
  readonly lines: string[];
  /** Fingerprints of the lines that have not been seen yet, and how often each is listed. */
  readonly listed: Map<string, number>;
}

function sectionOf([, pid, started = "", boot = "", fingerprints = ""]: RegExpExecArray): OpenSection {
  const listed = new Map<string, number>();
  for (const each of fingerprints.match(/.{8}/g) ?? []) listed.set(each, (listed.get(each) ?? 0) + 1);
  return { owner: { pid: Number(pid), started, boot }, lines: [], listed };
}

function takesLine({ lines, listed }: OpenSection, line: string): boolean {
  const key = fingerprint(line);
  const left = listed.get(key) ?? 0;
  if (left === 0) return false;
  listed.set(key, left - 1);
  lines.push(line);
  return true;
}

function headerOf({ owner, lines }: Section): string {
  return `# instance ${ownerFields(owner)} lines=${lines.map(fingerprint).join("")}`;
}

function ownerFields({ pid, started, boot }: Owner): string {
  return `pid=${pid} started=${started} boot=${boot}`;
}

/**
 * FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/): tells our line from a user's; no protection
 * against attacks.
 */
function fingerprint(line: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < line.length; i++) hash = Math.imul(hash ^ line.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

function joined(lines: readonly NumberedLine[]): string {
  return lines.map(({ line }) => line).join("");
}

function eolOf(text: string): string {
  const count = (ending: RegExp): number => text.match(ending)?.length ?? 0;
  return count(/\r\n/g) * 2 > count(/\n/g) ? "\r\n" : "\n";
}

function lineEndOf(line: string | undefined): string | undefined {
  return line === undefined ? undefined : line.endsWith("\r\n") ? "\r\n" : "\n";
}
