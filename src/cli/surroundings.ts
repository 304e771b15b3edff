/** What a command finds around it: passed in, so that a test can give it another. */
export interface Surroundings {
  /** Of the package. */
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The current folder. */
  readonly cwd: string;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** The exit status of a command: 0 done, 1 the answer is no, 2 usage or environment, 128 + n ended by signal n. */
export type ExitCode = number;
