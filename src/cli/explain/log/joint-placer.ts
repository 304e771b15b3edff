import { createPredictor, listenerPorts } from "../../predict.ts";
import type { ReadLocation } from "../../recorded/location.ts";
import { pickRecorded } from "../../recorded/pick-recorded.ts";
import type { Routing, Routings } from "../../routing.ts";
import { createPlacer, type PlacedRequest, type Placer } from "./place.ts";

/**
 * Finds what a line hits among several controllers: its host says whose it is, else the first controller that may have
 * answered as the log says.
 */
export function createJointPlacer(
  all: Routings["all"],
  defaultHost: string | undefined,
  read: ReadLocation,
): Placer {
  const placers = new Map(all.map((routing) => [routing, placerOf(routing, defaultHost, read)] as const));
  const placerFor = (asked: Parameters<typeof pickRecorded>[1]) =>
    placers.get(pickRecorded(all, asked)) as Placer;
  return {
    placeRecorded: (request) => placerFor(request).placeRecorded(request),
    place(logged, line) {
      const host = logged.host ?? defaultHost;
      if (host !== undefined) return placerFor({ host, headers: [] }).place(logged, line);
      let first: PlacedRequest | undefined;
      for (const placer of placers.values()) {
        const placed = placer.place(logged, line);
        if (placed !== undefined && placed.contradiction === undefined) return placed;
        first ??= placed;
      }
      return first;
    },
  };
}

function placerOf(routing: Routing, defaultHost: string | undefined, read: ReadLocation): Placer {
  const { table, settings } = routing;
  const listeners = { ports: listenerPorts(settings), exact: settings.exact };
  return createPlacer(table, createPredictor(routing), listeners, defaultHost, read);
}
