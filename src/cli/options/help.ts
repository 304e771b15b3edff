import { fileKeyOf, longName, OPTION_KEYS, variableOf } from "../options.ts";

/** One line per option: flag, variable, key of the file. */
export function optionsTable(): string {
  const rows = OPTION_KEYS.map((key) => [`--${longName(key)}`, variableOf(key), fileKeyOf(key)]);
  const widths = [0, 1].map(
    (column) => rows.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0) + 2,
  );
  const lines = rows.map(
    ([flag = "", variable = "", key = ""]) =>
      `  ${flag.padEnd(widths[0] ?? 0)}${variable.padEnd(widths[1] ?? 0)}${key}`,
  );
  return `
Options as variables, and as keys of ingress-dev.yaml in the current folder. Flags win over variables, variables over the
file. In variables, commas separate lists, and switches are true or false. services: is a map of SERVICE to TARGET.
${lines.join("\n")}`;
}
