import { writeFileSync } from "node:fs";
import { isOver, type Outcome, short } from "./outcome.ts";

export interface Table {
  /** Version of Node.js. */
  readonly node: string;
  readonly cores: number;
  readonly outcomes: readonly Outcome[];
}

const BAR = 40;

/** Writes the table and a chart of its figures as Markdown. */
export function writePage(file: string, table: Table): void {
  writeFileSync(file, pageOf(table));
}

function pageOf({ node, cores, outcomes }: Table): string {
  const rows = outcomes.map(
    (outcome) =>
      `| ${outcome.what} | ${before(outcome)} | ${outcome.ratio.toFixed(2)} | ${outcome.limit ?? ""} | ${outcome.of} |${isOver(outcome) ? " over" : ""} |`,
  );
  const charts = distinct(outcomes).map(
    ({ what, unit, figures }) => `### ${what}\n\n\`\`\`text\n${chart(figures, unit)}\n\`\`\`\n`,
  );
  return `# Performance

\`npm run bench -- --page FILE\` writes this page. It was made with Node.js ${node} on ${cores} shared cores.
Every figure stands beside another one of the same run: machines differ, and ratios differ less. The processor time of a
request is that of the whole process, on one core, with the same backend; the best of interleaved rounds counts.
\`before\` is the checkout that \`--before\` names.

## Ratios

| Measurement | Before | Ratio | At most | Of | |
|---|---|---|---|---|---|
${rows.join("\n")}

## Figures

${charts.join("\n")}`;
}

/** The ratio of the other checkout, where both stand beside the same yardstick. */
function before({ figures, of, ratio }: Outcome): string {
  const [ours] = Object.values(figures);
  // `400 ms` is the same for both.
  const yardstick = /^\d/.test(of) && ours !== undefined ? ours / ratio : figures[of];
  return figures.before === undefined || yardstick === undefined
    ? ""
    : (figures.before / yardstick).toFixed(2);
}

/** Measurements with several yardsticks are drawn once. */
function distinct(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.filter((each, at) => outcomes.findIndex(({ what }) => what === each.what) === at);
}

function chart(figures: Outcome["figures"], unit: string): string {
  const most = Math.max(...Object.values(figures));
  const width = Math.max(...Object.keys(figures).map((name) => name.length));
  return Object.entries(figures)
    .map(([name, value]) => {
      const bar = "█".repeat(Math.max(1, Math.round((value / most) * BAR)));
      return `${name.padEnd(width)}  ${bar} ${short(value)} ${unit}`;
    })
    .join("\n");
}
