import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle, packagedFiles, ROOT } from "./bundle.ts";
import { licencesText, packagesOf } from "./licences.ts";

/** Makes `dist`, the program as it is published. */
const folder = join(ROOT, "dist");
rmSync(folder, { recursive: true, force: true });
const chunks = await bundle(folder);
writeFileSync(join(folder, "LICENCES.txt"), licencesText(packagesOf(packagedFiles(chunks))));
