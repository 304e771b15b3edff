import type { HitEvent, ShownController } from "../../model/event.ts";
import type { Proxy as RunningProxy } from "../../proxy/proxy.ts";
import type { Reading } from "../../source/files.ts";
import { atOnce, type Steps } from "../../steps.ts";
import type { ServiceMap } from "../../upstream/map.ts";
import type { PodForwards } from "../../upstream/port-forward/forwards.ts";
import { hostsOf, urlsOf } from "../addresses.ts";
import type { Settings } from "../options.ts";
import { type ControllerPart, choiceProblems, controllerParts } from "../routing/controllers.ts";
import type { Bus } from "./bus.ts";
import { joinControllers } from "./join-controllers.ts";
import { createLaterControllers } from "./later-controllers.ts";
import type { Recorder } from "./output/record.ts";
import type { ProblemChanges } from "./problem-changes.ts";
import { createReloads } from "./reloads.ts";
import { type ServedController, serveController } from "./serve-controller.ts";
import { createStandIns } from "./stand-ins.ts";

export interface ServeOptions {
  readonly settings: Settings;
  readonly maps: readonly ServiceMap[];
  readonly certsDir: string;
  readonly bus: Bus;
  readonly problems: ProblemChanges;
  readonly onFault: (fault: unknown) => void;
  /** The way to a cluster's pods, which answer in place of the echo service. */
  readonly forwards: PodForwards | undefined;
  readonly onHosts: (hosts: readonly string[]) => void;
  /** default: nothing is recorded */
  readonly recorder?: Recorder | undefined;
}

export interface Serving {
  /** The first controller's. */
  readonly proxy: RunningProxy;
  readonly hosts: () => readonly string[];
  /** As `ServedController.take`, by each controller. */
  readonly take: (reading: Reading) => Promise<void>;
  /** Sends `ready`, the rows and the problems. `startMs`: from process start */
  readonly announce: (source: string, startMs: number) => void;
  readonly explainHits: () => (hit: HitEvent) => readonly string[];
  readonly close: (graceMs: number) => Promise<void>;
}

/**
 * Serves a first reading by each controller that the options or the manifests name, each on ports of its own.
 * @throws UserError `port-in-use`, `port-forbidden`; nothing stays open
 */
export async function serve(first: Reading, options: ServeOptions): Promise<Serving> {
  const { settings, bus, problems } = options;
  const parts: ControllerPart[] = [];
  const chosen = controllerParts(settings, first.snapshot);
  const isWhole = settings.exact || options.forwards !== undefined;
  const names = settings.noHosts ? "left-alone" : "hosts-file";
  const standIns = isWhole ? undefined : createStandIns({ dir: options.certsDir, names });
  const served: ServedController[] = [];
  const hosts = () => [...new Set(served.flatMap((each) => each.hosts()))];
  const joined = joinControllers(chosen.length, bus, problems);
  const begin = async (part: ControllerPart, reading: Reading): Promise<ServedController> => {
    const controller = await serveController(reading, {
      ...options,
      ...{ settings: part.settings, standIns, ...joined(served.length, part.settings.controller) },
      onHosts: () => options.onHosts(hosts()),
    });
    parts.push(part);
    served.push(controller);
    return controller;
  };
  const closeAll = async (graceMs: number) => {
    await Promise.all(served.map((each) => each.close(graceMs)));
  };
  try {
    for (const part of chosen) await begin(part, first);
  } catch (error) {
    await closeAll(0);
    throw error;
  }
  const explained = new Map<string, ReturnType<ServedController["explainHits"]>>();
  let isExplaining = false;
  const explain = (each: ServedController) => {
    if (isExplaining) explained.set(each.settings.controller, each.explainHits());
  };
  const later = createLaterControllers(settings, parts, {
    begin,
    async onServed(controller, part, reading) {
      explain(controller);
      bus.tell({
        type: "controller",
        ...shownController(controller, part.why),
        listeners: controller.listeners(),
      });
      controller.announce();
      options.onHosts(hosts());
      // A save that came meanwhile went to the others.
      if (reading !== latest) await controller.take(latest);
    },
  });
  function* tellChoice({ snapshot }: Reading): Steps<void> {
    problems.set("controllers", yield* choiceProblems(settings, snapshot, parts));
  }
  const choice = createReloads(tellChoice, options.onFault);
  let latest = first;
  const [main] = served as [ServedController, ...ServedController[]];
  return {
    proxy: main.proxy,
    hosts,
    take: async (reading) => {
      latest = reading;
      await Promise.all([...served.map((each) => each.take(reading)), choice.take(reading)]);
      const refused = await later.serve(latest).catch(options.onFault);
      if (refused !== undefined) problems.set("later-controllers", refused);
    },
    announce(source, startMs) {
      const { http, https } = main.proxy;
      const tables = served.map(({ current }) => current().table);
      bus.tell({
        ...{ type: "ready", http, https, source, startMs },
        controller: served.map((each) => each.settings.controller).join(","),
        routes: tables.reduce((sum, { routes }) => sum + routes.length, 0),
        hosts: [...new Set(tables.flatMap(hostsOf))],
        urls: served.flatMap(({ current, proxy }) => urlsOf(current().table, proxy)),
        listeners: served.flatMap((each) => each.listeners()),
        controllers: served.map((each, at) => shownController(each, parts[at]?.why)),
      });
      for (const each of served) each.announce();
      atOnce(tellChoice(first));
      problems.open();
    },
    explainHits() {
      isExplaining = true;
      served.forEach(explain);
      return (hit) => explained.get(hit.controller ?? main.settings.controller)?.(hit) ?? [];
    },
    close: async (graceMs) => {
      choice.close();
      await later.close();
      await closeAll(graceMs);
    },
  };
}

function shownController(
  { settings: { controller }, proxy, current }: ServedController,
  why: string | undefined,
): ShownController {
  const { table } = current();
  const { http, https } = proxy;
  return { controller, why, http, https, hosts: hostsOf(table), urls: urlsOf(table, proxy) };
}
