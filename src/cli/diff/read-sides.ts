import { DEFAULT_NAMESPACE } from "../../manifest/report.ts";
import { type Reading, readFiles } from "../../source/files.ts";
import { type Routings, readRoutings } from "../routing.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Side, SideSource } from "./sides.ts";

/** Each controller has an address of its own, with the usual ports. */
const SAME_PORTS = { ports: "same" } as const;

/**
 * Reads both sides. Equal ones, as of `--controller A..B`, are read once. Beside a cluster, manifests that name no namespace
 * are of the context's, where `kubectl apply` would put them.
 */
export async function openSides(
  [first, second]: readonly [Side, Side],
  surroundings: Surroundings,
): Promise<readonly [Routings, Routings]> {
  const isCluster = ({ source }: Side) => source.kind === "context";
  if (isCluster(second) && !isCluster(first)) {
    const [after, before] = await openSides([second, first], surroundings);
    return [before, after];
  }
  const read = first.name === second.name ? onceFor(first.source, surroundings) : undefined;
  const before = await openSide(first, surroundings, read);
  try {
    return [before, await openSide(second, surroundings, read, before.all[0].home)];
  } catch (error) {
    await before.close();
    throw error;
  }
}

function onceFor(source: SideSource, surroundings: Surroundings): (() => Promise<Reading>) | undefined {
  // Controllers read different objects of a cluster.
  if (source.kind === "context") return undefined;
  const reading = readSource(source, surroundings, undefined);
  // It is awaited later.
  reading.catch(() => undefined);
  return () => reading;
}

function openSide(
  { source, flags }: Side,
  surroundings: Surroundings,
  read: (() => Promise<Reading>) | undefined,
  home?: string,
): Promise<Routings> {
  if (source.kind === "context")
    return readRoutings(
      { ...flags, context: source.context, filename: [] },
      surroundings,
      "all that is named",
      SAME_PORTS,
    );
  return readRoutings(
    flags,
    surroundings,
    read ?? (() => readSource(source, surroundings, home)),
    SAME_PORTS,
  );
}

async function readSource(
  source: Exclude<SideSource, { kind: "context" }>,
  { stdin, cwd, env }: Surroundings,
  namespace = DEFAULT_NAMESPACE,
): Promise<Reading> {
  if (source.kind === "path") return readFiles([source.path], { stdin, namespace });
  const [{ readRevision }, { readTexts }] = await Promise.all([
    import("../../source/git.ts"),
    import("../../source/texts.ts"),
  ]);
  const { revision, path } = source;
  return readTexts(`git:${revision}:${path}`, await readRevision(source, { cwd, env }), namespace);
}
