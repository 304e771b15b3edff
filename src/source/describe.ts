import { counted } from "../counted.ts";

/** `examples/quick-start (2 files, 2 Ingresses)` */
export function describeContent(inputs: readonly string[], files: number, ingresses: number): string {
  const names = inputs.map((input) => (input === "-" ? "standard input" : input)).join(", ");
  const onlyStdin = inputs.every((input) => input === "-");
  const counts = [
    ...(onlyStdin ? [] : [counted(files, "file", "files")]),
    counted(ingresses, "Ingress", "Ingresses"),
  ];
  return `${names} (${counts.join(", ")})`;
}
