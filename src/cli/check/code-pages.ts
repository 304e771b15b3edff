import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The section of docs/errors.md on a code. */
export interface CodePage {
  /** Paragraphs and blocks of code, in Markdown. */
  readonly meaning: string;
  readonly nextStep: string;
}

const PAGE = join("docs", "errors.md");
const NEXT_STEP = "**Next step:** ";
/** From a source file or the bundle up to the package. */
const MOST_FOLDERS = 5;

/** All sections by code; empty where the package has lost the page. */
export async function readCodePages(): Promise<ReadonlyMap<string, CodePage>> {
  let folder = import.meta.dirname;
  for (let left = MOST_FOLDERS; left > 0; left--, folder = dirname(folder)) {
    const text = await readFile(join(folder, PAGE), "utf8").catch(() => undefined);
    if (text !== undefined) return codePages(text);
  }
  return new Map();
}

function codePages(text: string): ReadonlyMap<string, CodePage> {
  const sections = text.split(/^### /m).slice(1);
  return new Map(
    sections.map((section) => {
      const [title = "", ...lines] = section.split("\n");
      const body = lines.join("\n").split(/^## /m)[0] ?? "";
      const at = body.indexOf(NEXT_STEP);
      const [before, after] = at < 0 ? [body, ""] : [body.slice(0, at), body.slice(at + NEXT_STEP.length)];
      return [title.replaceAll("`", "").trim(), { meaning: before.trim(), nextStep: after.trim() }] as const;
    }),
  );
}

/** Markdown without its signs, for a terminal and for fields of plain text. */
export function plainWords(markdown: string): string {
  return markdown.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/`([^`\n]+)`|\*\*([^*\n]+)\*\*/g, "$1$2");
}
