import { X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { GivenObject } from "../controllers/given.ts";

/**
 * Makes the project's copies of recorded answers: `npx tsx test/answers/refresh.ts FOLDER NAME…`.
 * `FOLDER/NAME/given.json` becomes `test/answers/NAME.json.gz`, without certificates and keys: each run makes its own.
 * Equal input gives equal bytes.
 */
const [folder = ".", ...names] = process.argv.slice(2);
for (const name of names) {
  const sets: { readonly objects: readonly GivenObject[] }[] = JSON.parse(
    readFileSync(join(folder, name, "given.json"), "utf8"),
  );
  const kept = sets.map((set) => ({ ...set, objects: set.objects.map(withoutKeys) }));
  const text = JSON.stringify(kept);
  if (text.includes("-----BEGIN") || text.includes("LS0tLS1CRUdJTi")) throw new Error(`${name} holds PEM`);
  writeFileSync(join(import.meta.dirname, `${name}.json.gz`), gzipSync(text, { level: 9 }));
}

/** `MADE certificate a.test`, `MADE key a.test`, `MADE authority a.test` in place of PEM. */
function withoutKeys(object: GivenObject): GivenObject {
  const { kind, data } = object;
  if (data === undefined || (kind !== "Secret" && kind !== "ConfigMap")) return object;
  const decoded = new Map(
    Object.entries(data).map(([key, value]) => [
      key,
      kind === "Secret" ? Buffer.from(value, "base64").toString("latin1") : value,
    ]),
  );
  const own = decoded.get("tls.crt");
  const made = Object.entries(data).map(([key, value]) => {
    const text = decoded.get(key) ?? "";
    if (!text.includes("-----BEGIN")) return [key, value];
    if (text.includes("PRIVATE KEY")) return [key, `MADE key ${namesIn(own ?? "")}`];
    return [key, `MADE ${key === "ca.crt" ? "authority" : "certificate"} ${namesIn(text)}`];
  });
  return { ...object, data: Object.fromEntries(made) };
}

/** Its DNS names, else its common name. */
function namesIn(pem: string): string {
  const { subject, subjectAltName = "" } = new X509Certificate(pem);
  const names = [...subjectAltName.matchAll(/DNS:([^,]+)/g)].map(([, name]) => name);
  return names.length > 0 ? names.join(",") : (/CN=(.*)/.exec(subject)?.[1] ?? "");
}
