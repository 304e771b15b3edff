import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Failed, Outcome, Skipped } from "./outcome.ts";

/** A checkout of ingress-dev with its `dist`. */
export interface Checkout {
  /** `ingress-dev`, or `before`. */
  readonly name: string;
  readonly root: string;
}

export interface BenchOptions {
  /** This checkout, and the one to show beside it. Ratios and limits are of the first. */
  readonly checkouts: readonly [Checkout, ...Checkout[]];
  /** Rounds of each contestant. */
  readonly rounds: number;
  /** Requests of a round, as a share of the usual number. */
  readonly size: number;
  readonly report: (outcome: Outcome | Skipped | Failed) => void;
}

/** Gives a scratch folder, and removes it. */
export async function inScratch<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "ingress-dev-bench-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Stops all of them, in whatever state they are. */
export async function stopAll(programs: Iterable<{ stop(): unknown }>): Promise<void> {
  await Promise.allSettled([...programs].map(async (each) => each.stop()));
}
