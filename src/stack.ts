import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";

/** A place in one of the package's files, as V8 names it. */
const PLACE = /file:\/\/[^\s()]+?\.js(?=:\d+:\d+):(\d+):(\d+)/g;

/** By the file's URL; `undefined`: it has none. Filled only where something is wrong. */
const maps = new Map<string, SourceMap | undefined>();

/**
 * An error's stack, with places in our sources where the package has maps to them. Node's `--enable-source-maps` would read
 * the map of every file that is loaded; here they are read when a fault is told.
 */
export function sourceStack({ stack, message }: Error): string {
  if (stack === undefined) return message;
  return stack.replace(PLACE, (place: string, line: string, column: string) => {
    const map = mapOf(place.slice(0, -`:${line}:${column}`.length));
    const entry = map?.findEntry(Number(line) - 1, Number(column) - 1);
    if (entry === undefined || !("originalSource" in entry)) return place;
    const file = entry.originalSource.replace(/^(?:\.\.\/)+/, "");
    return `${file}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });
}

function mapOf(url: string): SourceMap | undefined {
  if (!maps.has(url)) maps.set(url, readMap(url));
  return maps.get(url);
}

function readMap(url: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, "utf8")));
  } catch {
    return undefined;
  }
}
