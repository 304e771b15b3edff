import { type Reading, readFiles } from "../../source/files.ts";
import { type Routing, readRouting } from "../routing.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Side, SideSource } from "./sides.ts";

/** Reads both sides. Equal ones, as of `--controller A..B`, are read once. */
export async function openSides(
  [first, second]: readonly [Side, Side],
  surroundings: Surroundings,
): Promise<readonly [Routing, Routing]> {
  const read = first.name === second.name ? onceFor(first.source, surroundings) : undefined;
  const before = await openSide(first, surroundings, read);
  try {
    return [before, await openSide(second, surroundings, read)];
  } catch (error) {
    await before.close();
    throw error;
  }
}

function onceFor(source: SideSource, surroundings: Surroundings): (() => Promise<Reading>) | undefined {
  // Controllers read different objects of a cluster.
  if (source.kind === "context") return undefined;
  const reading = readSource(source, surroundings);
  // It is awaited later.
  reading.catch(() => undefined);
  return () => reading;
}

function openSide(
  { source, flags }: Side,
  surroundings: Surroundings,
  read: (() => Promise<Reading>) | undefined,
): Promise<Routing> {
  if (source.kind === "context")
    return readRouting({ ...flags, context: source.context, filename: [] }, surroundings);
  return readRouting(flags, surroundings, read ?? (() => readSource(source, surroundings)));
}

async function readSource(
  source: Exclude<SideSource, { kind: "context" }>,
  { stdin, cwd, env }: Surroundings,
): Promise<Reading> {
  if (source.kind === "path") return readFiles([source.path], { stdin });
  const [{ readRevision }, { readTexts }] = await Promise.all([
    import("../../source/git.ts"),
    import("../../source/texts.ts"),
  ]);
  const { revision, path } = source;
  return readTexts(`git:${revision}:${path}`, await readRevision(source, { cwd, env }));
}
