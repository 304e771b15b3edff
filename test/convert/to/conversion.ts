import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { runHere } from "../../cli/in-process.ts";

const PREFIX = "nginx.ingress.kubernetes.io/";

interface Written {
  readonly name?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly paths?: readonly string[];
  readonly more?: object;
  /** default: a.test */
  readonly host?: string;
}

/** An Ingress as JSON. */
export function written({
  name = "web",
  annotations = {},
  paths = ["/"],
  host = "a.test",
  more,
}: Written): string {
  const named = Object.entries(annotations).map(([key, value]) => [PREFIX + key, value]);
  const metadata = { name, annotations: Object.fromEntries(named) };
  const rules = [{ host, http: { paths: paths.map((path) => pathTo("s", path)) } }];
  const spec = { ingressClassName: "nginx", rules, ...more };
  return JSON.stringify({ apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata, spec });
}

export function pathTo(service: string, path = "/"): object {
  return { path, pathType: "Prefix", backend: { service: { name: service, port: { number: 80 } } } };
}

interface MadeObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

interface Converted {
  readonly text: string;
  readonly objects: readonly MadeObject[];
  readonly problems: readonly {
    readonly message: string;
    readonly code: string;
    readonly level: string;
    readonly object?: { readonly kind: string };
    readonly line?: number;
    readonly witness?: string;
  }[];
  readonly compared: readonly {
    readonly from: string;
    readonly general: readonly { readonly id: string }[];
    readonly known: readonly { readonly line: number }[];
    readonly unnamed: readonly unknown[];
  }[];
}

/** What `convert --to` makes of documents. */
export async function conversion(
  documents: readonly string[],
  to: string,
  ...flags: readonly string[]
): Promise<Converted> {
  const folder = mkdtempSync(join(tmpdir(), "conversion-"));
  try {
    const file = join(folder, "a.yaml");
    writeFileSync(file, documents.join("\n---\n"));
    const { stdout } = await runHere(["convert", "--to", to, ...flags, "-o", "json", file]);
    const { files, problems, compared } = JSON.parse(stdout);
    const text: string = files[0]?.text ?? "";
    const objects = parseAllDocuments(text).map((document) => document.toJS() as MadeObject);
    return { text, objects, problems, compared };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
