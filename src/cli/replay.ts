import { UserError } from "../errors.ts";
import type { Har } from "../har/read-har.ts";
import { isLoopback } from "./addresses.ts";
import type { Flags } from "./options/config.ts";
import { oneOf, text, yesOrNo } from "./options/values.ts";
import { replayJson, replayText } from "./replay/print-replay.ts";
import { readRecording } from "./replay/read-recording.ts";
import { runReplay } from "./replay/run-replay.ts";
import type { Tally } from "./replay/tally.ts";
import { type Routings, readRoutings, settingsFor } from "./routing.ts";
import type { ExitCode, Surroundings } from "./surroundings.ts";

interface ReplayOptions {
  readonly form: "text" | "json";
  readonly mode: "sent" | "decided";
  readonly to: string;
}

/** @throws UserError for options that are none, or an address that needs `--yes` */
function readOptions(flags: Flags): ReplayOptions {
  const form = flags.output === undefined ? "text" : oneOf(["text", "json"])(flags.output, "--output");
  const isOffline = flags.offline !== undefined && yesOrNo(flags.offline, "--offline");
  const to = flags.to === undefined ? "127.0.0.1" : text(flags.to, "--to");
  if (isOffline && flags.to !== undefined)
    throw new UserError("bad-option", "--offline sends nothing, so --to has no meaning beside it.");
  if (!isOffline && to !== "localhost" && !isLoopback(to) && flags.yes !== true)
    throw new UserError(
      "bad-option",
      `--to ${to} is not this computer, and recorded requests may change what is there.`,
      "Add --yes to send them all the same, or leave --to out.",
    );
  return { form, mode: isOffline ? "decided" : "sent", to };
}

/** Without manifests a recording of ours can be sent again nevertheless: it says itself what it is of. */
async function readManifests(
  har: Har,
  { mode }: ReplayOptions,
  flags: Flags,
  surroundings: Surroundings,
): Promise<Routings | undefined> {
  const isOurs = har.requests.every(({ known }) => known !== undefined);
  return await readRoutings(flags, surroundings).catch((error: unknown) => {
    if (isOurs && mode === "sent" && error instanceof UserError && error.code === "no-manifests")
      return undefined;
    throw error;
  });
}

/**
 * `replay FILE.har`: sends recorded requests to the running proxy, or decides them by the manifests alone, and compares
 * with what was recorded. Exit status 1: something differs.
 */
export async function replayCommand(
  file: string,
  flags: Flags,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { output: _, offline: __, to: ___, yes: ____, ...others } = flags;
  const options = readOptions(flags);
  const har = await readRecording(file, surroundings.cwd);
  const routings = await readManifests(har, options, others, surroundings);
  const all = routings?.all ?? [await settingsFor(others, surroundings)];
  const to = options.mode === "sent" ? options.to : undefined;
  const tally = await runReplay(har, { all, to }).finally(async () => await routings?.close());
  if (tally.compared === 0) throw nothingCompared(file, tally);
  const replayed = { file, mode: options.mode, tally };
  surroundings.stdout.write(
    options.form === "json" ? `${replayJson(replayed)}\n` : `${replayText(replayed).join("\n")}\n`,
  );
  return tally.different === 0 ? 0 : 1;
}

function nothingCompared(file: string, { leftOut }: Tally): UserError {
  const causes = leftOut.map(({ why, count }) => `${count}: ${why}`).join("; ");
  return new UserError(
    "nothing-replayed",
    `${file} has no request that can be replayed${causes === "" ? "" : ` (${causes})`}.`,
  );
}
