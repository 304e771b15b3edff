import { safeJson } from "../../../ui/safe-json.ts";
import { colourFor, styled } from "../../../ui/style.ts";
import { wrapped } from "../../../ui/width.ts";
import { CODES } from "../../errors.ts";
import { isCode, unknownCode } from "../options/codes.ts";
import { oneOf } from "../options/values.ts";
import type { Surroundings } from "../surroundings.ts";
import { plainWords, readCodePages } from "./code-pages.ts";

/** Readable on a wide screen as well. unit: columns */
const WIDEST = 100;

/**
 * `check --explain CODE`: what the code means and what to do, from docs/errors.md.
 *
 * @throws UserError for a code that there is not, with those that are near
 */
export async function explainCode(code: string, output: unknown, surroundings: Surroundings): Promise<void> {
  const form = output === undefined ? "text" : oneOf(["text", "json"])(output, "--output");
  if (!isCode(code)) throw unknownCode(code, "--explain");
  const { stdout, env } = surroundings;
  const page = (await readCodePages()).get(code);
  const meaning = page?.meaning ?? "";
  const nextStep = plainWords(page?.nextStep || CODES[code]);
  if (form === "json") {
    stdout.write(`${safeJson({ code, meaning: plainWords(meaning), fix: CODES[code], nextStep })}\n`);
    return;
  }
  const width = Math.min(WIDEST, stdout.columns ?? WIDEST);
  const title = styled(code, { weight: stdout.isTTY === true ? "bold" : undefined }, colourFor(stdout, env));
  const [first = "", ...more] = wrapped(nextStep, width - 2);
  const parts = [title, ...blocksOf(meaning).map((block) => blockText(block, width))];
  const steps = [`→ ${first}`, ...more.map((line) => `  ${line}`)];
  stdout.write(`${[...parts, steps.join("\n")].join("\n\n")}\n`);
}

/** Paragraphs, and blocks of code as they are. */
function blocksOf(markdown: string): readonly string[] {
  return markdown
    .split(/(^```[\s\S]*?^```$)/m)
    .flatMap((part) => (part.startsWith("```") ? [part] : part.split(/\n{2,}/)))
    .map((block) => block.trim())
    .filter((block) => block !== "");
}

function blockText(block: string, width: number): string {
  if (block.startsWith("```"))
    return block
      .split("\n")
      .slice(1, -1)
      .map((line) => `  ${line}`)
      .join("\n");
  return wrapped(plainWords(block).replaceAll("\n", " "), width).join("\n");
}
