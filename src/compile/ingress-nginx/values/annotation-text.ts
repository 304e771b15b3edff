/** `(?<name>`, `(?P<name>` and `(?'name'`. */
const GROUP_NAME = /\(\?P?[<']([A-Za-z_]\w*)[>']/g;

export function groupNames(path: string): readonly string[] {
  return [...path.matchAll(GROUP_NAME)].map(([, name = ""]) => name);
}

/** annotations/parser/main.go, normalizeString: trims each line. */
export function normalised(value: string): string {
  return value
    .split("\n")
    .map((line) => line.trim())
    .join("\n");
}

/** unit: chars */
const SHOWN = 200;

export function shortened(value: string): string {
  const start = value.length <= SHOWN ? value : `${value.slice(0, SHOWN)}…`;
  return start.replace(/[\x00-\x1f\x7f]/g, (control) => JSON.stringify(control).slice(1, -1));
}
