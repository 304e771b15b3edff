import { readJsonLine } from "./json-line.ts";
import { OTHER_LINE, type ReadLine } from "./logged-request.ts";
import { readTextLine } from "./text-line.ts";

/** What `kubectl logs --prefix --timestamps` and container runtimes put in front of a line. */
const PREFIX = /^(?:\[pod\/\S+\] )?(?:\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) (?:std(?:out|err) [FP] )?)?/;

/** A line of an access log, without its end; one char per byte. */
export function readLogLine(line: string): ReadLine {
  return read(line, 0);
}

/** A line may be wrapped more than once, but not without end. */
function read(line: string, depth: number): ReadLine {
  const bare = line.replace(PREFIX, "");
  if (!bare.startsWith("{")) return readTextLine(bare);
  return readJsonLine(bare, (inner) => (depth > 2 ? OTHER_LINE : read(inner, depth + 1)));
}
