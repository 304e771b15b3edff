import { join, resolve } from "node:path";
import { build, type Metafile } from "esbuild";

export const ROOT = resolve(import.meta.dirname, "..");

/** The program, and what it starts as threads by path: `src/thread.ts` looks for them beside what starts them. */
const PROGRAMS = ["src/main.ts", "src/source/yaml-worker.ts", "src/proxy/decide/passwords/bcrypt-worker.ts"];

/** CommonJS packages ask for Node's own modules by `require`, which an ES module lacks. */
const REQUIRE =
  'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);';

/**
 * Bundles the program with the packages that it uses: one file per program, and one per part that is loaded when first
 * needed. Node.js finds and reads a few files instead of some 900, which is most of the time to `ready`.
 */
export async function bundle(folder: string): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: Object.fromEntries(PROGRAMS.map((file) => [nameOf(file), file])),
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    banner: { js: REQUIRE },
    // Names stay, for stack traces.
    minifySyntax: true,
    minifyWhitespace: true,
    // For stack traces alone (src/stack.ts): the sources themselves are not shipped.
    sourcemap: "linked",
    sourcesContent: false,
    // They are in a file of their own (licences.ts).
    legalComments: "none",
    // Asked for by ink where DEV is set, which is settled below.
    external: ["react-devtools-core"],
    define: {
      // React's development form is slower, and keeps an entry for every component of every frame.
      "process.env.NODE_ENV": '"production"',
      // With DEV, which a user may have set for something else, ink looks for React's developer tools.
      "process.env.DEV": '"false"',
    },
    metafile: true,
    logLevel: "warning",
  });
  return metafile;
}

function nameOf(file: string): string {
  return file.replace(/^.*\//, "").replace(/\.ts$/, "");
}

/** The files of packages in a bundle, absolute. */
export function packagedFiles({ outputs }: Metafile): readonly string[] {
  const used = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? file : [])),
  );
  return [...new Set(used)].filter((file) => file.includes("node_modules/")).map((file) => join(ROOT, file));
}
