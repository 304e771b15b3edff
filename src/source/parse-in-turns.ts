import type { Tree } from "../manifest/document.ts";
import { answered, type GeneralTree, type ParsedText, parseSteps, readHere } from "../manifest/parse.ts";
import type { ParseCache } from "../manifest/parse-cache.ts";

/** Longest time that parsing holds the event loop; a single plain document is never interrupted. unit: ms */
const TURN_MS = 10;

/** Reads non-plain YAML elsewhere, such as in a thread. */
export type ReadGeneral = (text: string) => Promise<Tree>;

/** Parses the text of a file as `parseSteps` does, and yields to the event loop every 10 ms. */
export async function parseInTurns(
  text: string,
  file: string,
  namespace: string,
  previous?: ParseCache,
  readGeneral?: ReadGeneral,
): Promise<ParsedText> {
  const steps = parseSteps(text, file, namespace, previous);
  let started = performance.now();
  let step = steps.next();
  while (step.done !== true) {
    const { value } = step;
    let answer: GeneralTree | undefined;
    if (value !== undefined && readGeneral !== undefined) {
      answer = await readGeneral(value.general).then(
        (tree) => ({ tree }),
        (error: unknown) => ({ error }),
      );
      started = performance.now();
    } else if (value !== undefined) answer = await readHere(value);
    if (performance.now() - started >= TURN_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      started = performance.now();
    }
    step = answer === undefined ? steps.next() : answered(steps, answer);
  }
  return step.value;
}
