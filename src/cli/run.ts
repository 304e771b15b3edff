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
  const hint = /\(Did you mean (.+)\?\)/.exec(hints.join(" "))?.[1];
  const help = helpOf(commands, argv);
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.$/, "")}.`;
  return new UserError("bad-option", sentence, hint === undefined ? help : `Did you mean ${hint}? ${help}`);
}

function helpOf(commands: readonly string[], argv: readonly string[]): string {
  const known = commands.find((name) => name === argv[0]);
  return `See ingress-dev ${known === undefined ? "" : `${known} `}--help.`;
}

function withOwnHelp(error: unknown, help: string): unknown {
  const isGeneral = error instanceof UserError && error.fix === CODES["bad-option"];
  return isGeneral ? new UserError(error.code, error.message, help) : error;
}

/** Stops output silently after a closed pipe (`| head -1`) or terminal. */
function endQuietlyOnClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
  });
}

/** Runs one command line; prints errors, never throws them. */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  endQuietlyOnClosedPipe(surroundings.stdout);
  endQuietlyOnClosedPipe(surroundings.stderr);
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
