import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { ControllerName } from "../../src/compile/controllers.ts";

/** The folder of the rows, and what its sections are called on the page. */
export const ROWS = join(import.meta.dirname, "..", "..", "docs", "migrate", "ingress-nginx-to-traefik");

/** What stands beside `new.yaml`, where the manifests change with the controller. */
const OLD = "old.yaml";

/** One thing that answers otherwise after the move: a file of manifests whose first comment says what. */
export interface Row {
  /** From the folder of the rows: `common/09-exact-beside-prefix.yaml`. */
  readonly file: string;
  /** The manifests, its comment included. */
  readonly text: string;
  /** Those of before the move. default: the same */
  readonly old: string;
  /** What changes, in one sentence. */
  readonly sentence: string;
  /** Something guarded becomes open. */
  readonly opens: boolean;
  readonly requests: readonly RowRequest[];
  /** Beginnings of the causes by which `diff` shows it. */
  readonly causes: readonly string[];
}

export interface RowRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly bodySize: number | undefined;
  /** By controller. */
  readonly answers: ReadonlyMap<ControllerName, Answer>;
}

export interface Answer {
  /** `200 web /x`, `308 → https://app.test/`, `404`; several: production draws among them. */
  readonly oneOf: readonly string[];
  readonly headers: readonly ExpectedLine[];
}

/** A header of the answer (`<`), of the request to the Service (`>`), or to the authentication service (`?`). */
export interface ExpectedLine {
  readonly of: "<" | ">" | "?";
  readonly name: string;
  /** `…` stands for any part. default: the header is absent */
  readonly value: string | undefined;
}

export function readRows(): readonly Row[] {
  const files = readdirSync(ROWS, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name.endsWith(".yaml") && entry.name !== OLD)
    .map((entry) => relative(ROWS, join(entry.parentPath, entry.name)));
  return files.map(readRow).sort((a, b) => numberOf(a.file) - numberOf(b.file));
}

/** Of its name: `09-exact-beside-prefix.yaml` is 9. */
export function numberOf(file: string): number {
  return Number(/(\d+)-/.exec(file)?.[1]);
}

function readRow(file: string): Row {
  const text = readFileSync(join(ROWS, file), "utf8");
  const comment = text.split("\n").filter((line) => line.startsWith("#"));
  const [first = "", ...lines] = comment.map((line) => line.slice(2));
  const requests: RowRequest[] = [];
  const causes: string[] = [];
  for (const line of lines) {
    if (line === "") continue;
    const cause = /^diff: (.*)$/.exec(line)?.[1];
    if (cause !== undefined) causes.push(cause);
    else if (line.startsWith("    ")) addHeader(requests, line.trim());
    else if (line.startsWith("  ")) addAnswer(requests, line.trim());
    else requests.push(requestOf(line, file));
  }
  const old = file.endsWith("/new.yaml") ? readFileSync(join(ROWS, dirname(file), OLD), "utf8") : text;
  const opens = first.endsWith(" (guard)");
  return { file, text, old, sentence: first.replace(/ \(guard\)$/, ""), opens, requests, causes };
}

const REQUEST = /^(?<method>[A-Z]+) (?<options>.*?)(?<url>https?:\/\/\S+)$/;
const OPTION = /-H '(?<name>[^:']+): ?(?<value>[^']*)'|--body-size (?<size>\d+)/g;

function requestOf(line: string, file: string): RowRequest {
  const { method, options = "", url } = REQUEST.exec(line)?.groups ?? {};
  if (method === undefined || url === undefined) throw new Error(`${file}: not a request: ${line}`);
  const found = [...options.matchAll(OPTION)].map(({ groups = {} }) => groups);
  const size = found.find((option) => option.size !== undefined)?.size;
  return {
    ...{ method, url, answers: new Map() },
    headers: found.flatMap(({ name, value }) => (name === undefined ? [] : [[name, value ?? ""] as const])),
    bodySize: size === undefined ? undefined : Number(size),
  };
}

function addAnswer(requests: RowRequest[], line: string): void {
  const [name = "", ...words] = line.split(/ +/);
  const answer = { oneOf: words.join(" ").split(" or "), headers: [] };
  (last(requests).answers as Map<string, Answer>).set(name, answer);
}

function addHeader(requests: RowRequest[], line: string): void {
  const {
    of,
    absent,
    name = "",
    value,
  } = /^(?<of>[<>?]) (?:!(?<absent>\S+)|(?<name>[^:]+): ?(?<value>.*))$/.exec(line)?.groups ?? {};
  if (of === undefined) throw new Error(`not a header: ${line}`);
  const answers = [...last(requests).answers.values()];
  const lines = answers.at(-1)?.headers as ExpectedLine[];
  lines.push({ of: of as ExpectedLine["of"], name: absent ?? name, value });
}

function last(requests: readonly RowRequest[]): RowRequest {
  const found = requests.at(-1);
  if (found === undefined) throw new Error("an answer stands before the first request");
  return found;
}
