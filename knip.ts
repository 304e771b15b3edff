import type { KnipConfig } from "knip";

/** `knip --production` looks at the program without its tests: code that tests alone call is dead. */
const isProduction = process.argv.includes("--production");

const config: KnipConfig = {
  entry: [
    ...(isProduction ? ["src/main.ts!"] : []),
    // Started as threads and processes, by path.
    "src/source/yaml-worker.ts!",
    "src/proxy/decide/passwords/bcrypt-worker.ts!",
    "test/answers/refresh.ts",
    "test/conformance/refresh.ts",
    "test/answers/refresh-crds.ts",
    "test/certs/support/ensure.ts",
    "bench/beside/backend.ts",
    "bench/beside/node-peer.ts",
    "bench/load/loader.ts",
    "test/hosts/instance.ts",
    "test/ui/driver.ts",
    "test/upstream/port-forward/forwarding-process.ts",
  ],
  project: ["{src,ui,certs}/**/*.{ts,tsx}!", "{test,bench,build}/**/*.{ts,tsx}"],
  // A test may import what its own file uses as well.
  ignoreExportsUsedInFile: isProduction,
  ignoreDependencies: [
    // Fastify takes any version 6 of it, and 6.8 brings a cookie package that wants Node.js 22.
    "light-my-request",
    // The transport of "try it" and replay in the web view, where a page cannot set `Host`. Until then the bench alone
    // uses it.
    ...(isProduction ? ["@fastify/http-proxy"] : []),
  ],
  // Tools of the machine. Tests that need one are passed over without it.
  ignoreBinaries: ["kubectl", "openssl", "mkfifo", "script", "mount", "umount", "nginx", "ingress-dev"],
};

export default config;
