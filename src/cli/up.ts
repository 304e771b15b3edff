import { homedir } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { userDataFolder } from "../../certs/folder.ts";
import { colourFor, styled } from "../../ui/style.ts";
import { systemHostsFile } from "../hosts/file.ts";
import { currentOwner } from "../hosts/owner.ts";
import type { Problem } from "../model/problem.ts";
import type { ServiceMap } from "../upstream/map.ts";
import { addressesFor } from "./addresses.ts";
import type { Flags } from "./options/config.ts";
import type { Settings } from "./options.ts";
import { reportError } from "./report.ts";
import { readMaps, settingsFor } from "./routing.ts";
import type { ExitCode, Surroundings } from "./surroundings.ts";
import { askYesOrNo } from "./up/ask.ts";
import { createBus } from "./up/bus.ts";
import { createFaults } from "./up/faults.ts";
import { boundGarbage, boundGarbageOfMuch } from "./up/heap.ts";
import type { Names } from "./up/names.ts";
import { createNames } from "./up/names.ts";
import { openToNetwork, remoteCluster } from "./up/option-problems.ts";
import type { Recorder } from "./up/output/record.ts";
import { formOf, isAutomated, type Output, startOutput } from "./up/output.ts";
import type { ProblemChanges } from "./up/problem-changes.ts";
import { createProblemChanges } from "./up/problem-changes.ts";
import { serve } from "./up/serve.ts";
import type { Shutdown, StopRequests } from "./up/stop.ts";
import { listenForStop } from "./up/stop.ts";
import type { Watched } from "./up/watched.ts";
import { watch } from "./up/watched.ts";

/** Time for requests in progress at the end. */
const GRACE_MS = 5_000;
/** Time for cleaning up when somebody does not want to wait. */
const HURRY_MS = 1_000;

interface Running {
  readonly close: () => Promise<void>;
  readonly tellStopped: (reason: string) => void;
}

/** The run's hosts file; `undefined` with `--no-hosts`. */
async function namesFor(
  settings: Settings,
  httpPort: number,
  problems: ProblemChanges,
  { stdin, stdout, stderr, env }: Surroundings,
  stop: StopRequests,
): Promise<Names | undefined> {
  if (settings.noHosts) return undefined;
  const isTerminal = [stdin, stdout, stderr].every(({ isTTY }) => isTTY);
  const isAskable = isTerminal && !isAutomated(env) && process.platform !== "win32";
  return createNames({
    file: settings.hostsFile ?? (await systemHostsFile()),
    addresses: addressesFor(settings.bind),
    owner: currentOwner(),
    program: [process.execPath, ...process.execArgv, process.argv[1] ?? ""],
    httpPort,
    ask: isAskable ? (question) => askYesOrNo(question, { stdin, stderr }, stop.first) : undefined,
    tell: (found) => problems.set("hosts", found),
  });
}

/** Its code is loaded only if something is recorded. */
async function recorderFor(
  settings: Settings,
  problems: ProblemChanges,
  surroundings: Surroundings,
): Promise<Recorder | undefined> {
  if (settings.record === undefined) return undefined;
  const { openRecorder } = await import("./up/output/record.ts");
  return await openRecorder(settings, surroundings, (found) => problems.set("recording", found));
}

function announceInRed(
  problems: readonly Problem[],
  { stderr, env }: Pick<Surroundings, "stderr" | "env">,
): void {
  for (const problem of problems) {
    stderr.write(`${styled(problem.message, { colour: "red" }, colourFor(stderr, env))}\n`);
  }
}

/**
 * Starts everything in the order of possible failures: ports before hosts, so that a port in use leaves no
 * trace.
 */
async function start(
  watched: Watched,
  settings: Settings,
  maps: readonly ServiceMap[],
  surroundings: Surroundings,
  stop: StopRequests,
): Promise<Running> {
  const bus = createBus();
  const problems = createProblemChanges(bus.tell);
  const onFault = createFaults((found) => problems.set("faults", found));
  const certsDir = settings.certsDir ?? userDataFolder(surroundings.env, process.platform, homedir());
  let onHosts: (hosts: readonly string[]) => void = () => undefined;
  const recorder = await recorderFor(settings, problems, surroundings);
  const serving = await serve(watched.first, {
    settings,
    maps,
    certsDir,
    bus,
    problems,
    onFault,
    forwards: watched.cluster?.forwards,
    onHosts: (hosts) => onHosts(hosts),
    recorder,
  }).catch(async (error: unknown) => {
    await recorder?.close();
    await recorder?.discard();
    throw error;
  });
  recorder?.begin(serving.proxy);
  const remote = remoteCluster(watched.cluster?.api);
  problems.set("cluster", remote);
  announceInRed([...openToNetwork(settings.bind), ...remote], surroundings);
  const names = await namesFor(settings, serving.proxy.ports.http, problems, surroundings, stop);
  let output: Output | undefined;
  // The terminal first, so that later output is readable; then hosts and listeners together.
  const closeAll = async () => {
    await output?.release();
    await Promise.all([watched.close(), names?.clear(), serving.close(GRACE_MS)]);
    // The last requests end with their connections.
    await recorder?.close();
  };
  try {
    await names?.sync(serving.hosts());
    // Ctrl-C at the question about sudo also cancels the dashboard.
    const form = stop.isRequested() ? "text" : formOf(settings, surroundings);
    output = await startOutput(form, bus, serving.explainHits, surroundings, stop);
    stop.outlive(onFault);
    serving.announce(watched.source, Math.round(performance.now()));
    boundGarbageOfMuch();
    onHosts = (hosts) => void names?.sync(hosts);
    const state = watched.state();
    if (state !== undefined) bus.tell(state);
    watched.pass({ take: serving.take, onState: bus.tell });
    return {
      close: async () => {
        watched.pass({ take: () => undefined, onState: () => undefined });
        await closeAll();
        watched.cluster?.api.close();
      },
      tellStopped: (reason) => bus.tell({ type: "stopped", reason }),
    };
  } catch (error) {
    await closeAll();
    await recorder?.discard();
    throw error;
  }
}

/** A second request (Ctrl-C again) skips the wait for requests in progress. */
async function end({ close, tellStopped }: Running, stop: Shutdown, requests: StopRequests): Promise<void> {
  const closed = close();
  await Promise.race([closed, requests.second.then(() => Promise.race([closed, delay(HURRY_MS)]))]);
  tellStopped(stop.reason);
}

/**
 * `up`: proxy, hosts entries, certificates and dashboard until `q`, a signal or a bug of ours. Exit status: 0
 * for `q`, 128 + n for signal n, 2 for a bug.
 * @throws UserError for faulty options, manifests or ports, before anything runs
 */
export async function up(flags: Flags, surroundings: Surroundings): Promise<ExitCode> {
  boundGarbage();
  const config = await settingsFor(flags, surroundings);
  const maps = readMaps(config.settings);
  const requests = listenForStop(process);
  try {
    // Nothing is open yet, so a signal during the reading of standard input just ends it.
    const watched = await Promise.race([watch(config, surroundings), requests.first]);
    if ("reason" in watched) return watched.exitCode;
    const running = await start(watched, config.settings, maps, surroundings, requests).catch(
      async (error: unknown) => {
        await watched.close();
        watched.cluster?.api.close();
        throw error;
      },
    );
    const stop = await requests.first;
    await end(running, stop, requests);
    if (stop.error !== undefined) reportError(stop.error, surroundings);
    return stop.exitCode;
  } finally {
    requests.close();
  }
}
