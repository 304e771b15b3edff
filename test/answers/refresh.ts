import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/**
 * Makes the project's copies of recorded answers: `npx tsx test/answers/refresh.ts FOLDER NAME…`.
 * `FOLDER/NAME/given.json` becomes `test/answers/NAME.json.gz`. Equal input gives equal bytes.
 */
const [folder = ".", ...names] = process.argv.slice(2);
for (const name of names) {
  const file = join(folder, name, "given.json");
  if (!existsSync(file)) throw new Error(`there is no ${file}`);
  const text = JSON.stringify(JSON.parse(readFileSync(file, "utf8")));
  writeFileSync(join(import.meta.dirname, `${name}.json.gz`), gzipSync(text, { level: 9 }));
}
