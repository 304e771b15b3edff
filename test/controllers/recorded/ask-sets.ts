import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ControllerName } from "../../../src/compile/controllers.ts";
import { type RecordedSet, recordedSets } from "../../answers/recorded.ts";
import { type Recorded as RecordedNames, recordedNames } from "../compare.ts";
import { type Pods, type PodsOptions, startPods } from "../pods.ts";
import { serveObjects } from "../serve-set.ts";
import { askedBySockets, type KeptNames } from "./asked.ts";
import { recordedCluster } from "./cluster.ts";
import { POD_PORTS } from "./slices.ts";

/** The highest number of pods that the questions of a set reach. */
const PODS = { plain: 60, tls: 12 } as const;

/** The laboratory's pods answered in clear to TLS. */
const NOT_HTTP = "HTTP/1.0 400 Bad Request\r\n\r\n";

/**
 * Serves each recorded set of a controller as `up` serves a cluster, and asks its questions through sockets.
 * `known`: sets that are answered otherwise, with the reason. `joint`: between lines of one name, as recorded; "last": pods kept the last.
 * `answerJoint`: the same of answers.
 */
export function askRecordedSets(
  controller: ControllerName,
  known: ReadonlyMap<string, string>,
  {
    joint,
    answerJoint,
    client,
    isOwn = hasAddresses,
    isTls = (port) => port >= POD_PORTS.tls,
    toOthers = NOT_HTTP,
    protocols,
  }: {
    readonly joint?: string;
    readonly answerJoint?: string;
    /** The address of the laboratory's client, which is 127.0.0.1 in what pods saw. default: 127.0.0.1 */
    readonly client?: string;
    /** Of the one of two recordings. default: that with addresses */
    readonly isOwn?: (set: RecordedSet) => boolean;
    /** A pod's port that speaks TLS. */
    readonly isTls?: (port: number) => boolean;
    /** What pods answer to TLS; "nothing": they wait. default: that it is no HTTP */
    readonly toOthers?: string;
    /** What the laboratory's pods spoke. default: HTTP/1.1 */
    readonly protocols?: PodsOptions["protocols"];
  } = {},
): void {
  const sets = recordedSets(controller) ?? [];
  // The sets of two recordings: what one of them left out says nothing.
  const own = keptIn(sets.filter(isOwn));
  const common = keptIn(sets.filter((set) => !isOwn(set)));
  let pods: Pods;
  let certsDir = "";

  beforeAll(async () => {
    certsDir = mkdtempSync(join(tmpdir(), "ingress-dev-recorded-"));
    pods = await startPods(PODS.plain, { tlsCount: PODS.tls, toOthers, protocols });
  });
  afterAll(() => {
    pods.close();
    rmSync(certsDir, { recursive: true, force: true });
  });

  describe(`what the real ${controller} answered, through sockets`, () => {
    it.each(sets.map((set) => [set.name, set.about, set] as const))("%s: %s", async (setName, _, set) => {
      const { objects, forwards, serviceAt, local, recorded } = recordedCluster(set, pods, isTls, client);
      const settings = { controller, controllerFlag: set.flags ?? [], clientAddress: client };
      const options = { settings, maps: [], certsDir, forwards, serviceAt, local };
      const served = await serveObjects({ ...set, objects }, options);
      const lines = await askedBySockets(
        set,
        served,
        pods,
        isOwn(set) ? own : common,
        recorded,
        joint,
        answerJoint,
      );
      await served.close();
      if (known.has(setName)) expect(lines, "the set differs no more: take it off the list").not.toEqual([]);
      else expect(lines.join("\n")).toBe("");
    });

    it("is asked of sets that there are, and the list of differences names no others", () => {
      expect(sets.length).toBeGreaterThan(0);
      const there = new Set(sets.map(({ name }) => name));
      expect([...known.keys()].filter((each) => !there.has(each))).toEqual([]);
    });
  });
}

function hasAddresses({ addresses }: RecordedSet): boolean {
  return addresses !== undefined;
}

/** The names of headers that were kept, of answers with all of them and of the others. */
function keptIn(sets: readonly RecordedSet[]): KeptNames {
  const answers = sets.flatMap((set) => set.answers);
  const namesOf = (all: boolean): RecordedNames =>
    recordedNames(answers.flatMap(({ ask, answer }) => ((ask.all === true) === all ? [answer] : [])));
  return { all: namesOf(true), some: namesOf(false) };
}
