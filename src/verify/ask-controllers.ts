import { setMaxListeners } from "node:events";
import type { SampleRequest } from "../model/sample-request.ts";
import { type ExchangeOptions, exchange } from "./exchange.ts";
import type { LiveAnswer } from "./live-answer.ts";
import { type Clock, sendPaced } from "./pace.ts";
import { addressOf, type ReachedTarget } from "./reach.ts";

/** Unexpected silence in a row, after which a controller counts as gone. */
const MOST_SILENT = 10;
/** Requests under way at a time, at each controller. */
const AT_ONCE = 10;

export interface AskOptions extends Pick<ExchangeOptions, "timeoutMs" | "userAgent" | "signal"> {
  /** unit: requests per second, to each controller */
  readonly rate: number;
  readonly clock: Clock;
}

/** `gone`: no answer came any more. */
export type Ended = "all sent" | "stopped" | "gone";

/**
 * Sends each request to each controller, at its pace. `take` gets the answers in the order of the controllers, and says
 * whether silence was to be expected.
 */
export async function askControllers(
  requests: readonly SampleRequest[],
  controllers: readonly ReachedTarget[],
  options: AskOptions,
  take: (request: SampleRequest, answers: readonly LiveAnswer[]) => "expected" | "unexpected",
): Promise<Ended> {
  const { rate, clock, signal } = options;
  const gone = new AbortController();
  const either = AbortSignal.any([signal, gone.signal]);
  // One for each exchange under way; Node.js takes more than 10 for a leak.
  setMaxListeners(0, either);
  let silent = 0;
  const send = async (request: SampleRequest) => {
    const answers = await Promise.all(
      controllers.map(async (controller) => {
        const to = addressOf(request, controller);
        return to && exchange(request, { ...options, ...to, signal: either });
      }),
    );
    const whole = answers.filter((answer) => answer !== undefined);
    if (whole.length < controllers.length) return;
    const isSilent = take(request, whole) === "unexpected" && whole.some(({ kind }) => kind === "silent");
    silent = isSilent ? silent + 1 : 0;
    if (silent >= MOST_SILENT) gone.abort();
  };
  await sendPaced(requests, send, { rate, atOnce: AT_ONCE, clock, signal: either });
  if (signal.aborted) return "stopped";
  return gone.signal.aborted ? "gone" : "all sent";
}
