import { printable } from "../../../ui/printable.ts";
import type { ObjectChange } from "../../convert/convert.ts";
import { counted } from "../../counted.ts";

export interface FileChanges {
  readonly file: string;
  readonly changes: readonly ObjectChange[];
}

/** `k8s/a.yaml:3  Ingress default/shop: apiVersion …; 2 backends → service` */
export function changeLines(files: readonly FileChanges[]): readonly string[] {
  return files.flatMap(({ file, changes }) =>
    changes.map(({ line, object: { kind, namespace, name }, what }) => {
      const object = name === "" ? kind : `${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;
      return printable(`${file}:${line}  ${object}: ${what.join("; ")}`);
    }),
  );
}

/** `3 objects` */
export function objectCount(files: readonly FileChanges[]): string {
  const count = files.reduce((sum, { changes }) => sum + changes.length, 0);
  return counted(count, "object");
}
