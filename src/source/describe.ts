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

/** `1 file`, `2 files`. */
export function counted(count: number, singular: string, plural: string): string {
  return `${count} ${count === 1 ? singular : plural}`;
}
