import { CODES } from "../../errors.ts";
import type { Problem } from "../../model/problem.ts";
import { didYouMean, isCode } from "../options/codes.ts";
import { type IgnoreComment, ignoreComments } from "./ignore/comments.ts";
import type { SourceFile } from "./source-file.ts";

/** The reason why a problem is ignored. */
export interface Ignored {
  /** `--ignore`, or the comment's `FILE:LINE`. */
  readonly by: string;
  readonly reason: string;
}

interface FileComments {
  readonly source: SourceFile;
  readonly comments: readonly IgnoreComment[];
}

/** Tells which problems are ignored: by `--ignore CODE`, or by a comment in their file. */
export class Ignores {
  readonly #codes: ReadonlySet<string>;
  readonly #files: ReadonlyMap<string, FileComments>;
  /** By file, line or document, and code: the first comment that ignores it. */
  readonly #comments = new Map<unknown, Map<string, IgnoreComment>>();
  readonly #used = new Set<string>();

  constructor(codes: readonly string[], files: ReadonlyMap<string, FileComments>) {
    this.#codes = new Set(codes);
    this.#files = files;
    for (const [file, { comments }] of files)
      for (const comment of comments)
        for (const code of comment.codes) {
          const key = keyOf(file, comment.scope);
          const known = this.#comments.get(key) ?? new Map<string, IgnoreComment>();
          this.#comments.set(key, known);
          if (!known.has(code)) known.set(code, comment);
        }
  }

  /** `undefined`: nobody ignores the problem. */
  of({ code, file, line }: Pick<Problem, "code" | "file" | "line">): Ignored | undefined {
    const known = file === undefined ? undefined : this.#files.get(file);
    if (file !== undefined && known !== undefined) {
      const document = line === undefined ? undefined : known.source.documentAt(line);
      const keys = [...(line === undefined ? [] : [`${file}\n${line}`]), document, file];
      for (const key of keys) {
        const comment = key === undefined ? undefined : this.#comments.get(key)?.get(code);
        if (comment === undefined) continue;
        this.#used.add(entryOf(file, comment, code));
        return { by: `${file}:${comment.line}`, reason: comment.reason };
      }
    }
    return this.#codes.has(code) ? { by: "--ignore", reason: "" } : undefined;
  }

  /** Problems of the comments themselves, after all others were asked for. */
  *problems(): Generator<Problem> {
    for (const [file, { comments }] of this.#files)
      for (const comment of comments) {
        const { line, codes } = comment;
        if (codes.length === 0) yield { ...unknown("The comment names no code."), file, line };
        for (const code of codes) {
          const use = entryOf(file, comment, code);
          if (!isCode(code))
            yield { ...unknown(`"${code}" is no code of a problem.`, didYouMean(code)), file, line };
          else if (!this.#used.has(use)) yield { ...unused(code), file, line };
        }
      }
  }
}

/** A document is its own key: two of them may have the same lines while one is read. */
function keyOf(file: string, scope: IgnoreComment["scope"]): unknown {
  if (scope.kind === "line") return `${file}\n${scope.line}`;
  if (scope.kind === "document") return scope.document;
  return scope.kind === "file" ? file : undefined;
}

function entryOf(file: string, { line }: IgnoreComment, code: string): string {
  return `${file}\n${line}\n${code}`;
}

function unknown(message: string, meant = ""): Problem {
  const fix = `${meant === "" ? "" : `${meant} `}${CODES["ignore-unknown"]}`;
  return { code: "ignore-unknown", level: "warning", message, fix };
}

function unused(code: string): Problem {
  const message = `No problem ${code} is there that the comment would ignore.`;
  return { code: "ignore-unused", level: "notice", message, fix: CODES["ignore-unused"] };
}

/** Reads the comments of all files. */
export async function readIgnores(
  codes: readonly string[],
  files: ReadonlyMap<string, SourceFile>,
): Promise<Ignores> {
  const found = new Map<string, FileComments>();
  for (const [file, source] of files) {
    const comments = await ignoreComments(source);
    if (comments.length > 0) found.set(file, { source, comments });
  }
  return new Ignores(codes, found);
}
