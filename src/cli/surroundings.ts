import { Readable } from "node:stream";

export interface Surroundings {
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** 0 done, 1 the answer is no, 2 usage or environment, 128 + n ended by signal n. */
export type ExitCode = number;

/** With bytes in place of what is piped in. */
export function withInput(bytes: Buffer, surroundings: Surroundings): Surroundings {
  // Nothing of a terminal is asked of it.
  return { ...surroundings, stdin: Readable.from([bytes]) as unknown as Surroundings["stdin"] };
}
