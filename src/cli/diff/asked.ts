import { isDeepStrictEqual } from "node:util";
import type { Naming } from "../../diff/behaviour.ts";
import type { AskedSides } from "../../diff/differences.ts";
import { allDrawn } from "../../match/drawn.ts";
import { matchTls } from "../../match/tls.ts";
import type { Backend } from "../../model/route.ts";
import { hostNameOf } from "../../request/host.ts";
import { portText, servicePortOf } from "../../service/port.ts";
import { createPredictor, type Predictor } from "../predict.ts";
import type { Routing } from "../routing.ts";
import { certificateNames, secretsBeside } from "./certificates.ts";

/**
 * Asks two sides as the cluster would be asked: redirects without local ports, HSTS on. Stand-ins for absent Secrets stay,
 * for the cluster may have those.
 */
export function askedSides(first: Routing, second: Routing): AskedSides {
  const [before, after] = [predictorOf(first), predictorOf(second)];
  // The defaults of transports differ between controllers.
  const settings = first.table.controller === second.table.controller ? "compared" : "decided";
  const isReadAlike = readAlike(first, second);
  return {
    tables: [first.table, second.table],
    naming: [namingOf(first, second, settings), namingOf(second, first, settings)],
    ask: (request, client) => {
      const facts = before.facts(request);
      const read = isReadAlike ? facts : after.facts(request);
      return [
        allDrawn((drawn) => before.decide(drawn === 0 ? facts : { ...facts, drawn }, client)),
        allDrawn((drawn) => after.decide(drawn === 0 ? read : { ...read, drawn }, client)),
      ];
    },
  };
}

function predictorOf({ table, resolver, settings }: Routing): Predictor {
  return createPredictor({ table, resolver, settings: { ...settings, exact: true } });
}

/** Planes are made by these options. */
function readAlike({ table: first }: Routing, { table: second }: Routing): boolean {
  return (
    first.plane.name === second.plane.name && isDeepStrictEqual(first.options.client, second.options.client)
  );
}

function namingOf({ table, reading }: Routing, other: Routing, settings: Naming["settings"]): Naming {
  const service = serviceNames(reading);
  const certificate = certificateNames({ table, service, secrets: secretsBeside(reading, other.reading) });
  const passed: Naming["passed"] = ({ facts }) => {
    const tls = matchTls(table, hostNameOf(table, facts));
    return tls.kind === "pass" ? service(tls.backend) : undefined;
  };
  return { service, certificate, passed, settings };
}

/** Ports by number, where the Service is known: a name for the same port is no difference. */
function serviceNames({ snapshot: { services } }: Routing["reading"]): (backend: Backend) => string {
  const byName = new Map(
    services.map((service) => [`${service.metadata.namespace}/${service.metadata.name}`, service]),
  );
  const known = new WeakMap<Backend, string>();
  return (backend) => {
    const found = known.get(backend);
    if (found !== undefined) return found;
    const name = `${backend.namespace}/${backend.service}`;
    const service = byName.get(name);
    const port = service && servicePortOf(service, backend.port)?.port;
    const text = `${name}:${port ?? portText(backend.port)}`;
    known.set(backend, text);
    return text;
  };
}
