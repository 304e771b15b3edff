import { defineConfig } from "vitest/config";

/** Real sockets and child processes are slow on a shared machine: the limits below catch hangs, not slowness. */
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    expect: { poll: { timeout: 20_000 } },
    // A failure is read whole: the differences to a real controller are lines of one text.
    chaiConfig: { truncateThreshold: 0 },
  },
});
