import type { Reading } from "../../source/files.ts";
import { watchFiles } from "../../source/files.ts";
import type { Config } from "../config.ts";
import { chooseInputs, requireIngresses, sourceInWords } from "../manifests.ts";

/** Manifests that are watched. */
export interface Watched {
  readonly first: Reading;
  /** For the first line of `up`: which manifests, and who chose them. */
  readonly source: string;
  /** Hands over every reading from now on, and the last of those that came before. */
  readonly pass: (take: (reading: Reading) => void) => void;
  readonly close: () => Promise<void>;
}

/** Starts to watch the manifests that the options name. Throws `UserError` where there are none. */
export async function watch(config: Config, stdin: NodeJS.ReadableStream): Promise<Watched> {
  const inputs = chooseInputs(config);
  let waiting: Reading | undefined;
  let take = (reading: Reading) => {
    waiting = reading;
  };
  const watching = await watchFiles(inputs.paths, (reading) => take(reading), { stdin });
  const { first } = watching;
  try {
    requireIngresses(inputs, first);
  } catch (error) {
    await watching.close();
    throw error;
  }
  return {
    first,
    source: sourceInWords(inputs, first),
    pass: (next) => {
      take = next;
      if (waiting !== undefined) next(waiting);
      waiting = undefined;
    },
    close: () => watching.close(),
  };
}
