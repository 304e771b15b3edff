import { compile } from "../../src/compile/compile.ts";
import { snapshotOf } from "../../src/manifest/snapshot.ts";
import type { Problem } from "../../src/model/problem.ts";
import type { Service } from "../../src/model/resource.ts";
import type { RouteTable } from "../../src/model/route.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { createEchoService, type EchoService } from "../../src/upstream/echo.ts";
import { createResolver, type Resolver } from "../../src/upstream/resolve.ts";
import type { CaseOptions } from "./case-file.ts";
import { parseManifest } from "./parse-manifest.ts";

/** Compiled manifests with the options of a case. */
export interface CompiledCase {
  readonly options: CaseOptions;
  readonly table: RouteTable;
  readonly services: readonly Service[];
  readonly problems: readonly Problem[];
  readonly resolver: Resolver;
  close(): Promise<void>;
}

/** A manifest text and its name in problems. */
export interface ManifestText {
  readonly file: string;
  readonly text: string;
}

function snapshotFrom(texts: readonly ManifestText[]): { snapshot: Snapshot; problems: readonly Problem[] } {
  const parsed = texts.map(({ text, file }) => parseManifest(text, file));
  const { snapshot, problems } = snapshotOf(parsed.flatMap(({ resources }) => resources));
  return { snapshot, problems: [...parsed.flatMap((one) => one.problems), ...problems] };
}

/** Compiles with the functions of `explain` and `up`. */
export function compileCase(texts: readonly ManifestText[], options: CaseOptions): CompiledCase {
  const { snapshot, problems } = snapshotFrom(texts);
  const compiled = compile(snapshot, {
    controller: options.controller,
    ingressClasses: options.ingressClasses,
    controllerClass: options.controllerClass,
    classless: options.exact ? "ignored" : "served",
    configMap: options.configMap,
    flags: options.exact ? { enableSslPassthrough: false, ...options.flags } : options.flags,
    standIns: options.exact ? undefined : { user: { name: "dev", password: "secret" } },
  });
  const echo: EchoService | undefined = options.echo ? createEchoService() : undefined;
  const resolver = createResolver({ snapshot, maps: [], echo, exact: options.exact });
  return {
    options,
    table: compiled.table,
    services: snapshot.services,
    problems: [...problems, ...compiled.problems],
    resolver,
    close: async () => {
      await resolver.close();
      await echo?.close();
    },
  };
}
