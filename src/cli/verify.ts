import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { printable } from "../../ui/printable.ts";
import { grouped } from "../diff/grouped.ts";
import { UserError } from "../errors.ts";
import { mainBackend } from "../model/route.ts";
import type { SampleRequest } from "../model/sample-request.ts";
import { askControllers, type Ended } from "../verify/ask-controllers.ts";
import { knownServices } from "../verify/judge/known-services.ts";
import { SYSTEM_CLOCK } from "../verify/pace.ts";
import { type ReachedTarget, reachedTarget, requireReachable } from "../verify/reach.ts";
import { witnessesOf } from "../witness/witness.ts";
import type { Flags } from "./options/config.ts";
import { reportProblems } from "./report.ts";
import type { ExitCode, Surroundings } from "./surroundings.ts";
import { createComparison } from "./verify/comparison.ts";
import { destinationsOf, requireConsent } from "./verify/confirm.ts";
import { type Interrupts, untilInterrupted } from "./verify/interrupt.ts";
import { type Prediction, predict } from "./verify/predicted.ts";
import { createProgress } from "./verify/progress.ts";
import { printVerified } from "./verify/report.ts";
import { type SendPlan, sendPlanOf } from "./verify/send-plan.ts";
import { readVerifyOptions, type VerifyOptions } from "./verify/verify-options.ts";

/** 128 plus the signal's number, as in a shell. */
const INTERRUPTED = 130;

/**
 * `verify TARGET [PATH…]`: sends the witness requests of the manifests to a running controller, and compares its answers
 * with the prediction; with `--against` twice, those of two controllers with each other. GET and HEAD alone are sent.
 * @throws UserError for bad options, or a controller that cannot be reached
 */
export async function verifyCommand(
  target: string | undefined,
  flags: Flags,
  surroundings: Surroundings,
  interrupts: Interrupts = process,
): Promise<ExitCode> {
  const { own, shared } = separated(flags);
  refuseFile(target, surroundings);
  const options = readVerifyOptions(target, own);
  const prediction = await predict(shared, surroundings);
  const { routing } = prediction;
  try {
    const { table, problems } = routing;
    await reportProblems(
      problems.filter(({ level, code }) => level !== "notice" || code === "class-missing"),
      surroundings,
    );
    tellOfNoIngress(routing.reading, surroundings);
    const witnesses = witnessesOf([table]);
    const plan = sendPlanOf(witnesses.requests, (request) => whyLeftOut(request, options, prediction));
    const controllers = await Promise.all(options.targets.map((one) => reachedTarget(one, options.rules)));
    const consent = await prepare(plan, controllers, options, surroundings);
    if (consent === "no") return 1;
    const services = table.routes.flatMap((route) => mainBackend(route) ?? []);
    const comparison = createComparison(prediction, options.targets, {
      known: knownServices(
        routing.reading.snapshot,
        services.map(({ namespace, service }) => `${namespace}/${service}`),
      ),
      pages: table.plane.name === "nginx" ? "nginx's" : "unknown",
      client: routing.settings.clientAddress === undefined ? "assumed" : "given",
    });
    const { signal, release } = untilInterrupted(interrupts);
    const progress = createProgress(plan.requests.length, surroundings);
    const { rate, timeoutMs } = options;
    const userAgent = `ingress-dev/${surroundings.version} verify`;
    const asking = { rate, timeoutMs, userAgent, signal, clock: SYSTEM_CLOCK };
    let ended: Ended;
    try {
      let answered = 0;
      ended = await askControllers(plan.requests, controllers, asking, (request, answers) => {
        const found = comparison.take(request, answers);
        progress.show(++answered, comparison.differences.length);
        return found;
      });
    } finally {
      progress.clear();
      release();
    }
    const report = { witnesses, plan, comparison, ended, groups: grouped(comparison.differences) };
    const code = await printVerified(report, options, surroundings);
    return ended === "stopped" ? INTERRUPTED : code;
  } finally {
    await routing.close();
  }
}

/** A program before the pipe may have printed nothing, and no difference would look like success. */
function tellOfNoIngress(
  { snapshot, description }: Prediction["routing"]["reading"],
  { stderr }: Pick<Surroundings, "stderr">,
): void {
  if (snapshot.ingresses.length === 0)
    stderr.write(
      `No Ingress in ${printable(description)}: nothing but the controller's own answers is compared\n`,
    );
}

/** `verify k8s/`: the controller is left out. */
function refuseFile(target: string | undefined, { cwd }: Surroundings): void {
  if (target === undefined || /^https?:|^localhost$/i.test(target) || !existsSync(resolve(cwd, target)))
    return;
  throw new UserError(
    "bad-target",
    `${target} is a file or folder, and the address of a running controller comes first.`,
    `Name it: ingress-dev verify http://ADDRESS ${target}`,
  );
}

/** The command's own options, which are none of `OPTIONS` or mean another port than there. */
const OWN = [
  "against",
  "resolve",
  "rate",
  "timeout",
  "yes",
  "all",
  "output",
  "httpPort",
  "httpsPort",
] as const;

function separated(flags: Flags): { readonly own: Flags; readonly shared: Flags } {
  const isOwn = ([name]: [string, unknown]) => OWN.some((own) => own === name);
  const entries = Object.entries(flags);
  return {
    own: Object.fromEntries(entries.filter(isOwn)),
    shared: Object.fromEntries(entries.filter((entry) => !isOwn(entry))),
  };
}

function whyLeftOut(
  request: SampleRequest,
  { targets }: VerifyOptions,
  { handshake }: Prediction,
): string | undefined {
  const { scheme } = request;
  const without = targets.find(({ ports }) => ports[scheme] === undefined);
  if (without !== undefined)
    return `they are by ${scheme}, and ${without.text} is asked by the other scheme alone`;
  if (targets.length === 1 && handshake(request) === "passed through")
    return "a Service behind the controller ends their TLS (ssl-passthrough)";
  return undefined;
}

/** Everything that has to be right before the first request. */
async function prepare(
  { requests }: SendPlan,
  controllers: readonly ReachedTarget[],
  { rate, timeoutMs, confirmed }: VerifyOptions,
  surroundings: Surroundings,
): Promise<"yes" | "no"> {
  if (requests.length === 0)
    throw new UserError("no-witness", "There is no request to send: all of them are left out.");
  const destinations = destinationsOf(requests, controllers);
  const facts = { destinations, controllers: controllers.length, rate };
  const consent = confirmed ? "yes" : await requireConsent(requests, facts, surroundings);
  if (consent === "yes")
    for (const destination of destinations) await requireReachable(destination, timeoutMs);
  return consent;
}
