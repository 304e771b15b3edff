import { getHeapStatistics, setFlagsFromString } from "node:v8";

/**
 * How far a heap with many manifests may grow beyond what is in use before all of it is collected. unit: percent.
 * V8 takes up to 300, and each save of a large file leaves some 10 MB of garbage: more than what is in use in the end.
 */
const GROWTH = 60;

/** Less is collected fast, and its garbage is nothing to speak of. unit: bytes */
const MUCH = 64 * 1024 * 1024;

/** Before the first manifests are read: what V8 decides while it reads them counts until the next collection. */
export function boundGarbage(): void {
  setGrowth(GROWTH);
}

/** Once they are read: leaves a small heap to V8. */
export function boundGarbageOfMuch(): void {
  if (getHeapStatistics().used_heap_size < MUCH) setGrowth(0);
}

/** V8 reads it at the end of each collection; 0 is its own choice. */
function setGrowth(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}
