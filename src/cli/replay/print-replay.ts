import { printable } from "../../../ui/printable.ts";
import { safeJson } from "../../../ui/safe-json.ts";
import type { RecordedRequest } from "../../har/recorded.ts";
import { bytesAsText } from "../../request/utf8.ts";
import { saidInWords } from "../recorded/said.ts";
import type { ReplayDifference, Tally } from "./tally.ts";

export interface Replayed {
  readonly file: string;
  /** `sent`: to a proxy; `decided`: by manifests alone. */
  readonly mode: "sent" | "decided";
  readonly tally: Tally;
}

function urlOf({ scheme, host, target }: RecordedRequest): string {
  return bytesAsText(`${scheme}://${host}${target}`);
}

/** More helps nobody. */
const MOST_SHOWN = 50;

/** For people: what differs, and how much was compared. */
export function replayText({ file, mode, tally }: Replayed): readonly string[] {
  const { compared, different, differences, leftOut } = tally;
  const verb = mode === "sent" ? "sent again" : "decided again";
  const requests = compared === 1 ? "1 request" : `${compared} requests`;
  const result = different === 0 ? "all answered as recorded" : `${different} answered differently`;
  return [
    ...differences.slice(0, MOST_SHOWN).flatMap((difference) => [...differenceLines(file, difference), ""]),
    ...(differences.length > MOST_SHOWN
      ? [`${differences.length - MOST_SHOWN} more differences are left out here: -o json has all.`]
      : []),
    ...leftOut.map(({ why, count, examples }) =>
      printable(`${count} left out: ${why} (${bytesAsText(examples.join(", "))})`),
    ),
    `${printable(file)}: ${requests} ${verb}, ${result}`,
  ];
}

function differenceLines(
  file: string,
  { request, recorded, now, count }: ReplayDifference,
): readonly string[] {
  const times = count === 1 ? "" : `, ${count} times`;
  const masked = request.known?.masked ?? [];
  const note = masked.length === 0 ? undefined : `recorded without the values of ${masked.join(", ")}`;
  return [
    `${request.method} ${urlOf(request)}  (${file}:${request.line}${times})`,
    `  recorded  ${saidInWords(recorded)}`,
    `  now       ${saidInWords(now)}`,
    ...now.why.map((why, i) => `  ${(i === 0 ? "why" : "").padEnd(8)}  ${why}`),
    // The same rule is not told twice.
    ...(recorded.why[0] === undefined || recorded.why[0] === now.why[0]
      ? []
      : [`  before    ${recorded.why[0]}`]),
    ...(note === undefined ? [] : [`  note      ${note}`]),
  ].map(printable);
}

/** For scripts, on one line. */
export function replayJson({ file, mode, tally }: Replayed): string {
  const { compared, different, differences, leftOut } = tally;
  return safeJson({
    ...{ file, mode, compared, different },
    differences: differences.map(({ request, recorded, now, count }) => ({
      ...{ file, line: request.line, count },
      request: { method: request.method, url: urlOf(request) },
      ...{ recorded, now },
      masked: request.known?.masked,
    })),
    leftOut,
  });
}
