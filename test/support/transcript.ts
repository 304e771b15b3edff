import { execFile } from "node:child_process";
import { join } from "node:path";
import { MAIN } from "./built.ts";

/** A README's command and its printed output. */
export interface Transcript {
  /** Without `$ `. */
  readonly command: string;
  readonly output: string;
  /** 1-based line of the command. */
  readonly line: number;
}

const FENCE = /^```/;
const COMMAND = /^\$ (ingress-dev (?:check|convert|diff|explain|replay|routes|test) .*)$/;

/** Every `$ ingress-dev …` in code blocks that ends by itself. */
export function readTranscripts(markdown: string): readonly Transcript[] {
  const found: { command: string; output: string[]; line: number }[] = [];
  let open = false;
  let current: string[] | undefined;
  for (const [index, line] of markdown.split("\n").entries()) {
    const command = COMMAND.exec(line)?.[1];
    if (FENCE.test(line)) {
      open = !open;
      current = undefined;
    } else if (open && command !== undefined) {
      current = [];
      found.push({ command, output: current, line: index + 1 });
    } else if (line.startsWith("$ ")) current = undefined;
    else current?.push(line);
  }
  return found.map(({ command, output, line }) => ({ command, output: trimmed(output.join("\n")), line }));
}

const trimmed = (text: string): string => text.replace(/[ \t]+$/gm, "").replace(/\n+$/, "");

/** Runs the command at the repository's root; both outputs, as a terminal shows them. */
export function runTranscript({ command }: Transcript, root: string): Promise<string> {
  const program = `'${process.execPath}' '${MAIN}'`;
  const line = `${program}${command.replace(/^ingress-dev/, "")} 2>&1`;
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH, HOME: join(root, "no-such-home"), NO_COLOR: "1" };
    execFile("sh", ["-c", line], { cwd: root, env }, (_, stdout) => resolve(trimmed(stdout)));
  });
}

/** The Markdown text with the commands' real output. */
export function withOutputs(markdown: string, outputs: ReadonlyMap<number, string>): string {
  const lines = markdown.split("\n");
  const written: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    written.push(lines[index] ?? "");
    const output = outputs.get(index + 1);
    if (output === undefined) continue;
    written.push(...(output === "" ? [] : output.split("\n")));
    while (index + 1 < lines.length && !/^(?:```|\$ )/.test(lines[index + 1] ?? "")) index += 1;
  }
  return written.join("\n");
}
