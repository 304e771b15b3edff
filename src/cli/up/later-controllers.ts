import { UserError } from "../../errors.ts";
import type { Problem } from "../../model/problem.ts";
import type { Reading } from "../../source/files.ts";
import { atOnce } from "../../steps.ts";
import type { Settings } from "../options.ts";
import { type ChosenName, type ControllerPart, controllerPart, namedLater } from "../routing/controllers.ts";
import type { ServedController } from "./serve-controller.ts";

/** Serves the controllers that a save names first, each on the next ports. */
export interface LaterControllers {
  /** Resolves with the problems of those that cannot be served; the next save tries again. */
  readonly serve: (reading: Reading) => Promise<readonly Problem[]>;
  /** Begins no more, and resolves when none is beginning. */
  readonly close: () => Promise<void>;
}

interface Parts {
  /** @throws UserError `port-in-use`, `port-forbidden` */
  readonly begin: (part: ControllerPart, reading: Reading) => Promise<ServedController>;
  readonly onServed: (controller: ServedController, part: ControllerPart, reading: Reading) => Promise<void>;
}

/** `parts`: those that are served; it grows with each. */
export function createLaterControllers(
  settings: Settings,
  parts: readonly ControllerPart[],
  { begin, onServed }: Parts,
): LaterControllers {
  let isClosed = false;
  let working: Promise<readonly Problem[]> = Promise.resolve([]);
  const serve = async (reading: Reading): Promise<readonly Problem[]> => {
    const refused: Problem[] = [];
    for (const named of isClosed ? [] : atOnce(namedLater(settings, reading.snapshot, parts))) {
      try {
        const part = controllerPart(settings, named, parts.length);
        await onServed(await begin(part, reading), part, reading);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        refused.push(notServed(named, error));
      }
    }
    return refused;
  };
  return {
    serve(reading) {
      working = working.catch(() => []).then(() => serve(reading));
      return working;
    },
    close: async () => {
      isClosed = true;
      await working.catch(() => []);
    },
  };
}

function notServed({ name, why }: ChosenName, { code, message, fix }: UserError): Problem {
  return { code, level: "error", message: `${name} is not served (${why}): ${message}`, fix };
}
