import type { Answer } from "./answer.ts";
import { CHUNKS } from "./table/chunks.ts";
import { ENDS } from "./table/ends.ts";
import { HEADS } from "./table/heads.ts";
import { INTERIM } from "./table/interim.ts";
import { LENGTHS } from "./table/lengths.ts";
import type { Row } from "./table/row.ts";
import { STATUS_LINES } from "./table/status-lines.ts";

/** Answers that were thought of. */
export const TABLE: readonly Answer[] = [
  ...section("status line", STATUS_LINES),
  ...section("head", HEADS),
  ...section("framing", LENGTHS),
  ...section("chunks", CHUNKS),
  ...section("interim", INTERIM),
  ...section("end", ENDS),
];

function section(subject: string, rows: readonly Row[]): readonly Answer[] {
  return rows.map(([name, why, bytes, special]) => ({
    name: `${subject}: ${name}`,
    why,
    bytes,
    method: "GET",
    end: "open",
    connection: "fresh",
    ...special,
  }));
}
