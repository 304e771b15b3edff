import { UserError } from "../../errors.ts";
import type { SampleRequest } from "../../model/sample-request.ts";
import { isLocal, ownAddresses } from "../../verify/local-address.ts";
import { addressOf, type ControllerAddress, type ReachedTarget } from "../../verify/reach.ts";
import { addressText } from "../../verify/target.ts";
import type { Surroundings } from "../surroundings.ts";
import { askYesOrNo } from "../up/ask.ts";

/** Each address and port once. */
export function destinationsOf(
  requests: readonly SampleRequest[],
  controllers: readonly ReachedTarget[],
): readonly ControllerAddress[] {
  const found = new Map<string, ControllerAddress>();
  for (const controller of controllers)
    for (const request of requests) {
      const to = addressOf(request, controller);
      if (to !== undefined) found.set(addressText(to.address, to.port), to);
    }
  return [...found.values()];
}

/**
 * Asks before requests leave this computer, on a terminal; elsewhere they need `--yes`.
 * @throws UserError `remote-target`
 */
export async function requireConsent(
  requests: readonly SampleRequest[],
  {
    destinations,
    controllers,
    rate,
  }: { destinations: readonly ControllerAddress[]; controllers: number; rate: number },
  surroundings: Surroundings,
): Promise<"yes" | "no"> {
  const own = ownAddresses();
  const remote = destinations.filter(({ address }) => !isLocal(address, own));
  if (remote.length === 0) return "yes";
  const heads = requests.filter(({ method }) => method === "HEAD").length * controllers;
  const gets = requests.length * controllers - heads;
  const to = remote.map(({ address, port }) => addressText(address, port));
  const what = `${gets.toLocaleString("en")} GET and ${heads.toLocaleString("en")} HEAD requests`;
  const where = `${listed(to)}, at most ${rate} a second`;
  const { stdin, stderr } = surroundings;
  if (stdin.isTTY && stderr.isTTY) {
    const never = new Promise(() => undefined);
    return askYesOrNo(`Send ${what} to ${where}?`, { stdin, stderr }, never);
  }
  throw new UserError(
    "remote-target",
    `${what} would go to ${where}; that is not this computer. Nothing was sent.`,
  );
}

const MOST_NAMED = 4;

function listed(texts: readonly string[]): string {
  const named = texts.slice(0, MOST_NAMED).join(", ");
  return texts.length > MOST_NAMED ? `${named} and ${texts.length - MOST_NAMED} more` : named;
}
