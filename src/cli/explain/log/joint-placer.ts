import { headerIn } from "../../../request/header-line.ts";
import { withoutPort } from "../../../request/host.ts";
import { createPredictor, listenerPorts } from "../../predict.ts";
import type { ReadLocation } from "../../recorded/location.ts";
import { pick } from "../../routing/pick.ts";
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
  const placerFor = (host: string) => placers.get(pick(all, withoutPort(host))) as Placer;
  return {
    placeRecorded: (request) =>
      placerFor(headerIn(request.headers, "host") ?? request.host).placeRecorded(request),
    place(logged, line) {
      const host = logged.host ?? defaultHost;
      if (host !== undefined) return placerFor(host).place(logged, line);
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
