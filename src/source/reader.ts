import { UserError } from "../errors.ts";
import { isTestFileName } from "../expect/is-test-file.ts";
import { DEFAULT_NAMESPACE } from "../manifest/report.ts";
import { snapshotInSteps } from "../manifest/snapshot.ts";
import type { Problem } from "../model/problem.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Steps } from "../steps.ts";
import { allInTurns } from "../turns.ts";
import { describeContent } from "./describe.ts";
import type { Io, Reading } from "./files.ts";
import { type Input, readInputs } from "./inputs.ts";
import { ownOutputs } from "./outputs.ts";
import type { ReadGeneral } from "./parse-in-turns.ts";
import { readStdin } from "./stdin.ts";
import { type Content, createStore, type Store } from "./store.ts";

export interface Reader {
  read(
    dirty: ReadonlySet<string>,
    noticedAt: number,
  ): Promise<{ readonly reading: Reading; readonly changed: boolean; readonly doubtful: boolean }>;
  /** True for an absolute path that is passed over because the program itself writes it. */
  isOutput(path: string): boolean;
  /** A problem of every reading from here on. */
  addProblem(problem: Problem): void;
}

/**
 * Makes a reader of the inputs. From its second reading on `readGeneral` reads what takes long.
 *
 * @throws UserError when an input does not exist.
 */
export async function openReader(
  inputs: readonly string[],
  io: Io,
  readGeneral?: ReadGeneral,
): Promise<{ reader: Reader; settled: readonly Input[] }> {
  const settled = await readInputs(inputs);
  const namespace = io.namespace ?? DEFAULT_NAMESPACE;
  const piped = settled.some((input) => input.kind === "stdin")
    ? await readStdin(io.stdin ?? process.stdin, namespace, io.onText)
    : undefined;
  const reader = createReader(
    inputs,
    createStore(settled, namespace, io.outputs ?? ownOutputs(), io.onText),
    piped,
    readGeneral,
  );
  return { reader, settled };
}

function createReader(
  inputs: readonly string[],
  store: Store,
  piped: Content | undefined,
  readGeneral: ReadGeneral | undefined,
): Reader {
  const added: Problem[] = [];
  let reported = -1;
  let last: Reading | undefined;
  return {
    isOutput: store.isOutput,
    addProblem: (problem) => {
      if (!added.some((known) => known.code === problem.code)) added.push(problem);
    },
    async read(dirty, noticedAt) {
      const first = reported < 0;
      // At first nobody is served yet who would have to wait.
      const { content, changed, doubtful } = await store.refresh(dirty, first ? undefined : readGeneral);
      if (first && content.files.length === 0 && piped === undefined) throw nothingFound(inputs);
      const contents = piped === undefined ? [content] : [piped, content];
      const reading = await allInTurns(readingOf(inputs, contents, added, noticedAt, last?.snapshot));
      last = reading;
      const different = changed || reported !== added.length;
      reported = added.length;
      return { reading, changed: different, doubtful };
    },
  };
}

export function nothingFound(inputs: readonly string[]): UserError {
  const [first] = inputs;
  if (first !== undefined && inputs.every(isTestFileName))
    return new UserError(
      "no-manifests",
      `${first} is a test file, and holds no manifests.`,
      `Run it: ingress-dev test ${first}`,
    );
  return new UserError(
    "no-manifests",
    `No *.yaml, *.yml or *.json file in ${inputs.map((input) => (input === "." ? "the current folder" : input)).join(", ")}.`,
  );
}

export function* readingOf(
  inputs: readonly string[],
  contents: readonly Content[],
  added: readonly Problem[],
  noticedAt: number,
  before: Snapshot | undefined,
): Steps<Reading> {
  const parts = contents.flatMap((content) => content.parts);
  const resources = parts.flatMap((part) => part.resources);
  const { snapshot, problems } = yield* snapshotInSteps(resources, before);
  const passedOver = new Map<string, number>();
  for (const [kind, count] of contents.flatMap((content) => [...content.passedOver])) {
    passedOver.set(kind, (passedOver.get(kind) ?? 0) + count);
  }
  const files = contents.flatMap((content) => content.files);
  return {
    snapshot,
    problems: [
      ...added,
      ...contents.flatMap((content) => content.problems),
      ...parts.flatMap((part) => part.problems),
      ...problems,
    ],
    passedOver,
    description: describeContent(inputs, files.length, snapshot),
    noticedAt,
    files,
  };
}
