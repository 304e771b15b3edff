/**
 * One instance's section of the block: a comment line that names the owner and certifies the lines after it, then
 * one `address name` line per address and host.
 *
 * ```
 * # instance pid=4711 started=8130 boot=5c3f… lines=2 sum=3b0c9f21
 * 127.0.0.1 www.basic1.com
 * ::1 www.basic1.com
 * ```
 *
 * `lines` and `sum` let a section be told from what a user typed into it, so that the one can be removed and the
 * other kept, whatever became of the markers around them.
 */

/** The process that a section (or a lock) belongs to. `started` and `boot` are `""` where the system has none. */
export interface Owner {
  readonly pid: number;
  /** When the process started, in the system's own count: tells a process from a later one with the same pid. */
  readonly started: string;
  /** Of which boot of the machine `pid` and `started` are: both are counted anew after each. */
  readonly boot: string;
}

/** A section as found. Line numbers are indices into the lines of the file. */
export interface Section {
  readonly owner: Owner;
  /** The header's line. */
  readonly start: number;
  /** The line after the section's last. */
  readonly end: number;
  /** The lines between the two that are the section's own; all others are a user's. */
  readonly own: readonly number[];
}

const HEADER =
  /^# instance pid=(\d{1,10}) started=([\w.-]*) boot=([\w.-]*) lines=(\d{1,7}) sum=([0-9a-f]{8})[ \t]*$/;
const ENTRY = /^([0-9a-fA-F.:]+) ([a-z0-9.-]+)$/;

/** Whether the two are one process. */
export function sameOwner(a: Owner, b: Owner): boolean {
  return a.pid === b.pid && a.started === b.started && a.boot === b.boot;
}

/** The owner as a header can hold it: what could end the line or a field becomes `_`. */
export function plainOwner({ pid, started, boot }: Owner): Owner {
  const field = (text: string): string => text.replace(/[^\w.-]/g, "_");
  return { pid, started: field(started), boot: field(boot) };
}

/** A line without its end: LF or CRLF. */
export function bare(line: string): string {
  return line.replace(/\r?\n$/, "");
}

/** The address and the host of a line in the form that sections have (hostile's: one space), else undefined. */
export function entryOf(line: string): { readonly address: string; readonly host: string } | undefined {
  const found = ENTRY.exec(bare(line));
  return found === null ? undefined : { address: found[1] ?? "", host: found[2] ?? "" };
}

/** Whether the line is the first of a section. */
export function isHeader(line: string): boolean {
  return line.startsWith("# instance ") && HEADER.test(bare(line));
}

/** The text of a section, every line with `eol`. */
export function writeSection(owner: Owner, lines: readonly string[], eol: string): string {
  const { pid, started, boot } = plainOwner(owner);
  const sum = sumOf(lines).toString(16).padStart(8, "0");
  const header = `# instance pid=${pid} started=${started} boot=${boot} lines=${lines.length} sum=${sum}`;
  return [header, ...lines].map((line) => line + eol).join("");
}

/**
 * The section whose header is `lines[start]`.
 *
 * Its own lines are the `lines=` next ones when their sum agrees. When it does not, somebody edited inside, and the
 * search goes on to the next line for which `ends` is true (a marker or another header) or the end of the file:
 * more lines of our form than certified, where leaving out one run makes the sum right: that run is the user's;
 * fewer: lines were deleted, the rest are ours; anything else cannot be told, and then a line is ours only when
 * `written` (what the caller itself wrote there) has it: rather a line too many stays than one of a user's goes.
 */
export function sectionAt(
  lines: readonly string[],
  start: number,
  ends: (line: string) => boolean,
  written?: { readonly owner: Owner; readonly lines: ReadonlySet<string> },
): Section | undefined {
  const found = HEADER.exec(bare(lines[start] ?? ""));
  if (found === null) return undefined;
  const owner: Owner = { pid: Number(found[1]), started: found[2] ?? "", boot: found[3] ?? "" };
  const count = Number(found[4]);
  const sum = Number.parseInt(found[5] ?? "", 16);
  const candidates: number[] = [];
  let running = 0;
  let end = start + 1;
  for (; end < lines.length && !ends(lines[end] ?? ""); end++) {
    if (entryOf(lines[end] ?? "") === undefined) continue;
    candidates.push(end);
    running = (running + hash(bare(lines[end] ?? ""))) >>> 0;
    if (candidates.length === count && running === sum)
      return { owner, start, end: end + 1, own: candidates };
  }
  const texts = candidates.map((at) => bare(lines[at] ?? ""));
  const extra = candidates.length - count;
  const insertedAt = extra > 0 ? runToLeaveOut(texts, extra, sum) : -1;
  let own: number[] = [];
  if (insertedAt >= 0) own = candidates.filter((_, i) => i < insertedAt || i >= insertedAt + extra);
  else if (extra < 0 && end < lines.length) own = candidates;
  else if (written !== undefined && sameOwner(written.owner, owner))
    own = candidates.filter((_, i) => written.lines.has(texts[i] ?? ""));
  return { owner, start, end: Math.max(start, own.at(-1) ?? start) + 1, own };
}

/** Where a run of `length` texts starts without which the others have the sum; -1 where there is none. Linear. */
function runToLeaveOut(texts: readonly string[], length: number, sum: number): number {
  const hashes = texts.map(hash);
  const total = hashes.reduce((a, b) => (a + b) >>> 0, 0);
  let run = hashes.slice(0, length).reduce((a, b) => (a + b) >>> 0, 0);
  for (let at = 0; at + length <= texts.length; at++) {
    if ((total - run) >>> 0 === sum) return at;
    run = (run - (hashes[at] ?? 0) + (hashes[at + length] ?? 0)) >>> 0;
  }
  return -1;
}

/** A sum, not a chained hash, so that lines can be taken out of it again. */
function sumOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => (sum + hash(line)) >>> 0, 0);
}

/** FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/): spots edits, guards against nobody. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
