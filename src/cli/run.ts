import { CommanderError } from "commander";
import { CODES, UserError } from "../errors.ts";
import { createProgram } from "./program.ts";
import { reportError } from "./report.ts";
import type { ExitCode, Surroundings } from "./surroundings.ts";

/** A commander error in our form: one sentence, and the likely meant word. */
function usageError(error: CommanderError, commands: readonly string[], argv: readonly string[]): UserError {
  if (error.code === "commander.help") {
    return new UserError(
      "bad-option",
      `${argv[0]} needs a command of its own.`,
      `See ingress-dev ${argv[0]} --help.`,
    );
  }
  const [message = "", ...hints] = error.message.replace(/^error: /, "").split("\n");
  const meant = /\(Did you mean (.+)\?\)/.exec(hints.join(" "))?.[1];
  const hint =
    meant !== undefined && isSlip(/'([^']+)'/.exec(message)?.[1] ?? meant, meant) ? meant : undefined;
  const help = helpOf(commands, argv);
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.$/, "")}.`;
  return new UserError("bad-option", sentence, hint === undefined ? help : `Did you mean ${hint}? ${help}`);
}

/** Another first letter is one slip already: `deploy` does not mean `replay`, and `eplay` does. */
function isSlip(written: string, meant: string): boolean {
  return written[0] === meant[0] || written.endsWith(meant.slice(1));
}

function helpOf(commands: readonly string[], argv: readonly string[]): string {
  const known = commands.find((name) => name === argv[0]);
  return `See ingress-dev ${known === undefined ? "" : `${known} `}--help.`;
}

function withOwnHelp(error: unknown, help: string): unknown {
  const isGeneral = error instanceof UserError && error.fix === CODES["bad-option"];
  return isGeneral ? new UserError(error.code, error.message, help) : error;
}

/** Calls `lost` once when a stream cannot be written, but for a closed pipe (`| head -1`) or terminal, which ends it in silence. */
function watchOutput(stream: NodeJS.WriteStream, lost: (error: Error) => void): void {
  let isLost = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (isLost || error.code === "EPIPE" || error.code === "EIO") return;
    isLost = true;
    lost(error);
  });
}

/** Runs one command line; prints errors, never throws them. */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  let lost: ExitCode | undefined;
  watchOutput(surroundings.stdout, ({ message }) => {
    lost = reportError(
      new UserError("output-lost", `Standard output cannot be written: ${message}.`),
      surroundings,
    );
  });
  // There is nowhere left to tell it.
  watchOutput(surroundings.stderr, () => {
    lost = 2;
  });
  const exitCode = await runCommand(argv, surroundings);
  // A stream tells of a failed write in the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  return lost ?? exitCode;
}

async function runCommand(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const done = (code: ExitCode) => {
    exitCode = code;
  };
  const program = createProgram(surroundings, done, argv[0]);
  try {
    await program.parseAsync(argv.length === 0 ? ["--help"] : argv, { from: "user" });
    return exitCode;
  } catch (error) {
    const commands = program.commands.map((command) => command.name());
    if (!(error instanceof CommanderError))
      return reportError(withOwnHelp(error, helpOf(commands, argv)), surroundings);
    return error.exitCode === 0 ? 0 : reportError(usageError(error, commands, argv), surroundings);
  }
}
