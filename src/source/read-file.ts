import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, lstat, open, stat } from "node:fs/promises";
import { CODES, type Code } from "../errors.ts";
import type { Problem } from "../model/problem.ts";
import { isTurnOver, nextTurn } from "../turns.ts";

/** No manifest is larger, and its text would leave no room for anything else. */
export const MAX_BYTES = 64 * 1024 * 1024;

export type FileText = (Text & { readonly digest: string }) | { readonly kind: "gone" } | Refused;

interface Text {
  readonly kind: "text";
  readonly text: string;
}

interface Refused {
  readonly kind: "problem";
  readonly problem: Problem;
}

export type FileBytes =
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  | { readonly kind: "gone" }
  | Refused;

export async function readTextFile(path: string): Promise<FileText> {
  const read = await readFileBytes(path);
  if (read.kind !== "bytes") return read;
  if (isTurnOver()) await nextTurn();
  const decoded = decode(read.bytes, path);
  if (decoded.kind !== "text") return decoded;
  return { ...decoded, digest: await digestOf(read.bytes) };
}

/**
 * Reads a file that may be anything. Only a regular file is opened, so a pipe or device cannot hang the program. `name`: in
 * problems; default: the path. `most`: bytes that it may have
 */
export async function readFileBytes(
  path: string,
  { name = path, most = MAX_BYTES }: { readonly name?: string; readonly most?: number } = {},
): Promise<FileBytes> {
  let handle: FileHandle | undefined;
  try {
    const before = await stat(path);
    if (!before.isFile()) return refuse("unreadable-file", name, "is not a regular file");
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const { size } = await handle.stat();
    if (size > most) {
      const limit = `${most / 1024 / 1024} MiB`;
      return refuse(
        "file-too-large",
        name,
        `is ${Math.ceil(size / 1024 / 1024)} MiB large; the limit is ${limit}`,
      );
    }
    return { kind: "bytes", bytes: await handle.readFile() };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") {
      const isLink = (await lstat(path).catch(() => undefined))?.isSymbolicLink() === true;
      return isLink ? refuse("unreadable-file", name, "is a link that leads nowhere") : { kind: "gone" };
    }
    return refuse("unreadable-file", name, `cannot be read: ${message}`);
  } finally {
    await handle?.close().catch(() => undefined);
  }
}

/** Some 4 ms a piece on a slow machine. unit: bytes */
const DIGEST_PIECE = 1024 * 1024;

async function digestOf(bytes: Buffer): Promise<string> {
  const hash = createHash("sha1");
  for (let at = 0; at < bytes.length; at += DIGEST_PIECE) {
    if (isTurnOver()) await nextTurn();
    hash.update(bytes.subarray(at, at + DIGEST_PIECE));
  }
  return hash.digest("base64");
}

/** Decodes UTF-8, or UTF-16 with a byte order mark or with zeros where ASCII has them. */
export function decode(bytes: Buffer, path: string): Text | Refused {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return { kind: "text", text: bytes.toString("utf16le", 2) };
  if (a === 0xfe && b === 0xff) return { kind: "text", text: bigEndian(bytes.subarray(2)) };
  if (bytes.length % 2 === 0 && a !== 0 && b === 0) return { kind: "text", text: bytes.toString("utf16le") };
  if (bytes.length % 2 === 0 && a === 0 && b !== 0 && bytes.length > 0) {
    return { kind: "text", text: bigEndian(bytes) };
  }
  if (bytes.includes(0)) return refuse("unreadable-file", path, "is a binary file");
  try {
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return refuse("unreadable-file", path, "is neither UTF-8 nor UTF-16 text");
  }
}

function bigEndian(bytes: Buffer): string {
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  return Buffer.from(even).swap16().toString("utf16le");
}

function refuse(code: Code, path: string, what: string): Refused {
  const problem: Problem = { code, level: "error", message: `${path} ${what}`, fix: CODES[code], file: path };
  return { kind: "problem", problem };
}
