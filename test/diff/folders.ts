import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { runHere } from "../cli/in-process.ts";

export type Files = Readonly<Record<string, string>>;

/** A folder with these files, gone after the test, or after what `gone` waits for. */
export function folderOf(files: Files, gone: (remove: () => void) => void = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), "ingress-dev-diff-"));
  gone(() => rmSync(folder, { recursive: true, force: true }));
  writeIn(folder, files);
  return folder;
}

export function writeIn(folder: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

interface SaidDifference {
  readonly request: string;
  readonly cause: string;
  readonly code: string;
  readonly detail?: string;
  readonly differs: readonly string[];
  readonly old: Record<string, unknown>;
  readonly new: Record<string, unknown>;
}

export interface SaidReport {
  readonly compared: number;
  readonly complete: boolean;
  readonly incomplete?: readonly string[];
  readonly differences: readonly SaidDifference[];
}

/** `diff -o json` of two sets of files. */
export async function diffOf(
  before: Files,
  after: Files,
  options: readonly string[] = [],
): Promise<SaidReport & { readonly code: number }> {
  const { stdout, stderr, code } = await runHere([
    "diff",
    folderOf(before),
    folderOf(after),
    "-o",
    "json",
    ...options,
  ]);
  if (code === 2) throw new Error(stderr);
  return { ...(JSON.parse(stdout) as SaidReport), code };
}

export interface PathText {
  readonly path?: string;
  readonly type?: "Prefix" | "Exact" | "ImplementationSpecific";
  readonly service?: string;
}

/** An Ingress of class nginx. `annotations` without their prefix. */
export function ingress(
  paths: readonly PathText[],
  {
    name = "shop",
    host = "shop.test",
    annotations = {},
    tls,
  }: {
    readonly name?: string;
    readonly host?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly tls?: string;
  } = {},
): string {
  return JSON.stringify({
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name,
      annotations: Object.fromEntries(
        Object.entries(annotations).map(([key, value]) => [`nginx.ingress.kubernetes.io/${key}`, value]),
      ),
    },
    spec: {
      ingressClassName: "nginx",
      tls: tls === undefined ? undefined : [{ hosts: [host], secretName: tls }],
      rules: [
        {
          host,
          http: {
            paths: paths.map(({ path = "/", type = "Prefix", service = "web" }) => ({
              path,
              pathType: type,
              backend: { service: { name: service, port: { number: 80 } } },
            })),
          },
        },
      ],
    },
  });
}

/** Services with port 80. */
export function services(...names: readonly string[]): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "List",
    items: names.map((name) => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name },
      spec: { selector: { app: name }, ports: [{ name: "http", port: 80 }] },
    })),
  });
}
