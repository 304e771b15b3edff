import { printable } from "../../../ui/printable.ts";
import { safeJson } from "../../../ui/safe-json.ts";
import type { RecordedRequest } from "../../har/recorded.ts";
import type { Said } from "../recorded/said.ts";
import type { ReplayDifference, Tally } from "./tally.ts";

export interface Replayed {
  readonly file: string;
  /** `sent`: to a proxy; `decided`: by manifests alone. */
  readonly mode: "sent" | "decided";
  readonly tally: Tally;
}

function urlOf({ scheme, host, target }: RecordedRequest): string {
  return `${scheme}://${host}${target}`;
}

/** `308 https://a.test/`, `200 from default/web:80 /path`. */
function saidInWords({ status, location, service, path, error }: Said): string {
  const from = service === undefined ? undefined : [status === undefined ? "" : "from", service, path];
  const said = [
    status === undefined || status === 0 ? undefined : String(status),
    location,
    ...(from ?? []),
    status === undefined && service === undefined ? error : undefined,
  ];
  const words = said.filter((part) => part !== undefined && part !== "").join(" ");
  return words === "" ? (error ?? "no answer") : words;
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
      printable(`${count} left out: ${why} (${examples.join(", ")})`),
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
    ...recorded.why.slice(0, 1).map((why) => `  before    ${why}`),
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
