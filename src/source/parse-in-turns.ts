import type { Tree } from "../manifest/document.ts";
import { answered, type GeneralTree, type ParsedText, parseSteps, readHere } from "../manifest/parse.ts";
import type { ParseCache } from "../manifest/parse-cache.ts";
import { isTurnOver, nextTurn } from "../turns.ts";
import type { Excerpt } from "../yaml/excerpt.ts";

/** Reads non-plain YAML elsewhere, such as in a thread. */
export type ReadGeneral = (text: string, excerpt: Excerpt | undefined) => Promise<Tree>;

/**
 * Parses the text of a file as `parseSteps` does, and yields to the event loop after each turn. A single plain document
 * is never interrupted.
 */
export async function parseInTurns(
  text: string,
  file: string,
  namespace: string,
  previous?: ParseCache,
  readGeneral?: ReadGeneral,
): Promise<ParsedText> {
  const steps = parseSteps(text, file, namespace, previous);
  let step = steps.next();
  while (step.done !== true) {
    const { value } = step;
    let answer: GeneralTree | undefined;
    if (value !== undefined && "load" in value) {
      answer = await value.load().then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
    } else if (value !== undefined && readGeneral !== undefined) {
      answer = await readGeneral(value.general, value.excerpt).then(
        (tree) => ({ tree }),
        (error: unknown) => ({ error }),
      );
    } else if (value !== undefined) answer = await readHere(value);
    if (isTurnOver()) await nextTurn();
    step = answer === undefined ? steps.next() : answered(steps, answer);
  }
  return step.value;
}
