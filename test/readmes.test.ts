import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readTranscripts, runTranscript, withOutputs } from "./support/transcript.ts";

/**
 * `INGRESS_DEV_WRITE_READMES=1 npx vitest run test/readmes.test.ts` writes the output instead of comparing
 * it.
 */
const WRITE = process.env.INGRESS_DEV_WRITE_READMES === "1";

const root = join(import.meta.dirname, "..");
const examples = readdirSync(join(root, "examples"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => `examples/${name}/README.md`);
const pages = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".md"))
  .map((name) => `docs/${name}`);
const readmes = ["README.md", ...pages, ...examples]
  .map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }))
  .map(({ file, text }) => ({ file, text, transcripts: readTranscripts(text) }));

test("there are commands to run", () =>
  expect(readmes.flatMap(({ transcripts }) => transcripts).length).toBeGreaterThan(20));

if (WRITE) {
  test.each(readmes)("$file is written", async ({ file, text, transcripts }) => {
    const outputs = new Map<number, string>();
    for (const transcript of transcripts) outputs.set(transcript.line, await runTranscript(transcript, root));
    writeFileSync(join(root, file), withOutputs(text, outputs));
  });
} else {
  describe.each(readmes.filter(({ transcripts }) => transcripts.length > 0))("$file", ({ transcripts }) => {
    test.each(transcripts)("prints what it says for: $command", async (transcript) =>
      expect(await runTranscript(transcript, root)).toBe(transcript.output));
  });
}
