import { UserError } from "../../errors.ts";
import type { CoveredRule } from "../../expect/coverage.ts";
import type { TestDocument } from "../../expect/test-file.ts";
import { ROUTE_KINDS } from "../../model/custom-kinds.ts";
import type { Problem } from "../../model/problem.ts";
import type { CustomResource, Ingress } from "../../model/resource.ts";
import type { RouteTable } from "../../model/route.ts";
import { readStdinBytes } from "../../source/stdin.ts";
import { type Answerer, createAnswerer } from "../explain/answer.ts";
import type { Flags } from "../options/config.ts";
import { createPredictor, type Predictor } from "../predict.ts";
import { type Routing, type Routings, readRoutings } from "../routing.ts";
import { type Surroundings, withInput } from "../surroundings.ts";
import { flagsOf, manifestsOf } from "./read-test-files.ts";

/** Compiled manifests that tests ask. */
export interface TestTarget {
  readonly predictor: Predictor;
  readonly settings: Routing["settings"];
  readonly table: RouteTable;
  /** For failures: takes a hundred times as long as an outcome. */
  readonly answer: Answerer;
  /** The place of an Ingress by `NAMESPACE/NAME`. */
  readonly placeOf: (ingress: string) => Pick<CoveredRule, "file" | "line">;
}

/** One for each controller that is shown. */
export interface ShownTargets {
  readonly all: readonly [TestTarget, ...TestTarget[]];
  readonly errors: readonly Problem[];
}

export interface TestTargets {
  /** @throws UserError with the line of the test file that names the manifests */
  readonly of: (document: TestDocument) => Promise<ShownTargets>;
  /** Files and folders that were read. */
  readonly manifests: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** With the cluster's ports, no redirect and no header names a local one. */
export const PRODUCTION_PORTS = { httpPort: 80, httpsPort: 443 };

/** Reads manifests once for equal folders and options. */
export function createTargets(given: Flags, surroundings: Surroundings, piped: Piped): TestTargets {
  const targets = new Map<string, Promise<ShownTargets>>();
  const opened: Routings[] = [];
  const manifests = new Set<string>();
  const open = async (document: TestDocument, flags: Flags) => {
    const routings = await readRoutings(flags, await piped(), "manifests", { ports: "same" }).catch((error) =>
      refuseInputs(error, document, given),
    );
    opened.push(routings);
    requireIngress(routings, document, given);
    const [first, ...others] = routings.all;
    const errors = routings.problems.filter(({ level }) => level === "error");
    return { all: [targetOf(first), ...others.map(targetOf)], errors } satisfies ShownTargets;
  };
  return {
    of: (document) => {
      const filename = given.filename ?? manifestsOf(document);
      for (const path of filename as readonly string[]) manifests.add(path);
      const flags = { ...flagsOf(document, given, surroundings), ...PRODUCTION_PORTS, filename };
      const key = JSON.stringify(Object.entries(flags).sort(([a], [b]) => (a < b ? -1 : 1)));
      const target = targets.get(key) ?? open(document, flags);
      targets.set(key, target);
      return target;
    },
    manifests: () => [...manifests],
    close: async () => {
      await Promise.all(opened.map((routing) => routing.close()));
    },
  };
}

export function targetOf(routing: Routing): TestTarget {
  const { table, reading, settings } = routing;
  const predictor = createPredictor(routing);
  return {
    predictor,
    answer: createAnswerer(routing, predictor, { tree: false }),
    ...{ settings, table },
    placeOf: (ingress) => {
      const { ingresses, custom } = reading.snapshot;
      const isNamed = ({ metadata }: Ingress | CustomResource) =>
        `${metadata.namespace}/${metadata.name}` === ingress;
      const found =
        ingresses.find(isNamed) ?? custom.find((each) => ROUTE_KINDS.has(each.kind) && isNamed(each));
      return { file: found?.origin.file ?? "", line: found?.origin.line ?? 0 };
    },
  };
}

const OF_INPUTS: ReadonlySet<string> = new Set(["no-such-input", "no-manifests", "unreadable-file"]);

function refuseInputs(error: unknown, document: TestDocument, given: Flags): never {
  if (given.filename !== undefined || !(error instanceof UserError) || !OF_INPUTS.has(error.code))
    throw error;
  throw new UserError(error.code, `${placeOfManifests(document)}: ${error.message}`, error.fix);
}

function placeOfManifests({ file, manifests }: TestDocument): string {
  return manifests === undefined ? `${file}: manifests` : `${file}:${manifests.line}: manifests`;
}

/** A refused Ingress counts too: its problem is what the user needs to read. */
function requireIngress(
  { all: [{ reading }], problems }: Routings,
  document: TestDocument,
  given: Flags,
): void {
  if (reading.snapshot.ingresses.length + reading.snapshot.custom.length > 0) return;
  if (
    problems.some(
      ({ level, object }) => level === "error" && (object === undefined || object.kind === "Ingress"),
    )
  )
    return;
  const where = given.filename === undefined ? `${placeOfManifests(document)}: ` : "";
  throw new UserError(
    "no-manifests",
    `${where}there is no Ingress in ${reading.description}.`,
    "Name the folder of the manifests under manifests: in the test file, relative to it.",
  );
}

/** The surroundings, with standard input from its start each time. */
export type Piped = () => Promise<Surroundings>;

export function pipedOnce(surroundings: Surroundings, given: Flags): Piped {
  const isNamed = Array.isArray(given.filename) && given.filename.includes("-");
  let whole: Promise<Buffer> | undefined;
  return async () => {
    if (!isNamed) return surroundings;
    whole ??= readStdinBytes(surroundings.stdin);
    return withInput(await whole, surroundings);
  };
}
