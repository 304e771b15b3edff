import { defineConfig } from "vitest/config";

/** Tests of functions alone: no socket, no child process, no folder that is watched. `npm run test:fast` runs them. */
const FAST = [
  "test/{compile,config-map,convert,har,manifest,match,pcre,plane,re2,request,select,service,step,yaml}/**/*.test.ts",
  "test/{architecture,case-format,cases,compile-faults,docs,errors,examples,licences}.test.ts",
  "test/hosts/{advice,block,names}.test.ts",
  "test/http1/*.test.ts",
  "test/http2/hpack.test.ts",
  "test/kube/{kubeconfig,plugin-policy,proxy-url}.test.ts",
  "test/ui/{dashboard,json,keys,layout,printable,state,text}.test.{ts,tsx}",
  "test/upstream/{choose,map,ring}.test.ts",
];

/** Real sockets and child processes are slow on a shared machine: the limits below catch hangs, not slowness. */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    expect: { poll: { timeout: 20_000 } },
    // A failure is read whole: the differences to a real controller are lines of one text.
    chaiConfig: { truncateThreshold: 0 },
    projects: [
      // Functions keep no state, so the files share one module graph.
      { extends: true, test: { name: "fast", include: FAST, isolate: false } },
      {
        extends: true,
        test: {
          name: "slow",
          globalSetup: "test/support/built.ts",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: FAST,
        },
      },
    ],
  },
});
