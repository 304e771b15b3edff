import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type OutputChunk, rolldown } from "rolldown";

export const ROOT = resolve(import.meta.dirname, "..");

/** The program, and what it starts as threads by path: `src/thread.ts` looks for them beside what starts them. */
const PROGRAMS = {
  main: "src/main.ts",
  "yaml-worker": "src/source/yaml-worker.ts",
  "bcrypt-worker": "src/proxy/decide/passwords/bcrypt-worker.ts",
};

/**
 * One file for all that a command line needs to be read, and one for all that `up` needs until it is ready. Otherwise what
 * parts have in common would be some twenty files more, of about a millisecond each.
 */
const WHOLE = [
  { name: "run", test: /[\\/]src[\\/]cli[\\/]run\.ts$/, priority: 2 },
  { name: "up", test: /[\\/]src[\\/]cli[\\/]up\.ts$/, priority: 1 },
];

/**
 * Bundles the program with the packages that it uses: a file for each program, and one for each part that is loaded when
 * first needed. Node.js finds and reads a few files instead of some 900, which is most of the time to `ready`.
 */
export async function bundle(folder: string): Promise<readonly OutputChunk[]> {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const build = await rolldown({
    cwd: ROOT,
    input: PROGRAMS,
    platform: "node",
    // ink asks for it where DEV is set, which is settled below.
    external: ["react-devtools-core"],
    transform: {
      target: "node20.19",
      define: {
        PACKAGE_VERSION: JSON.stringify(version),
        // React's development form is slower, and keeps an entry for every component of every frame.
        "process.env.NODE_ENV": '"production"',
        // With DEV, which a user may have set for something else, ink looks for React's developer tools.
        "process.env.DEV": '"false"',
      },
    },
    // `ui/problems.ts` is in the file of `up`, and loaded late elsewhere.
    checks: { ineffectiveDynamicImport: false },
  });
  const { output } = await build.write({
    dir: folder,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    hashCharacters: "hex",
    codeSplitting: { groups: WHOLE },
    // Names stay, for stack traces.
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true, asciiOnly: true } },
    // Licences are in a file of their own (licences.ts).
    comments: false,
    // For stack traces alone (src/stack.ts): the sources themselves are not shipped.
    sourcemap: true,
    sourcemapExcludeSources: true,
  });
  await build.close();
  return output.filter((file) => file.type === "chunk");
}

/** The files of packages in a bundle, absolute. */
export function packagedFiles(chunks: readonly OutputChunk[]): readonly string[] {
  const files = new Set(chunks.flatMap(({ moduleIds }) => moduleIds));
  return [...files].filter((file) => file.includes("node_modules/"));
}
