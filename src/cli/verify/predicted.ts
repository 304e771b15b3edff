import { controllerNamed } from "../../compile/controllers.ts";
import { UserError } from "../../errors.ts";
import type { Outcome } from "../../match/outcome.ts";
import { matchTls } from "../../match/tls.ts";
import type { SampleRequest } from "../../model/sample-request.ts";
import { headerIn } from "../../request/header-line.ts";
import type { ExpectedCertificate } from "../../verify/judge/certificate.ts";
import { serverNameOf } from "../../verify/server-name.ts";
import type { Flags } from "../options/config.ts";
import { createPredictor } from "../predict.ts";
import { stoppedInWords } from "../routing/in-force.ts";
import { type Routing, readRouting } from "../routing.ts";
import type { Surroundings } from "../surroundings.ts";
import { expectedCertificates } from "./expected-certificates.ts";

export interface Prediction {
  readonly routing: Routing;
  /** More than one where chance decides. */
  readonly outcomes: (request: SampleRequest) => readonly [Outcome, ...Outcome[]];
  /** Of the TLS handshake. default: there is none, or a Service behind the controller ends it */
  readonly handshake: (
    request: SampleRequest,
  ) => "refused" | "passed through" | ExpectedCertificate | undefined;
}

/**
 * Predicts as with `--exact`. Secrets that files lack may be in the cluster, so they count as there; the prediction
 * is then what it is with them. @throws UserError `controller-stops` if nothing can be predicted
 */
export async function predict(flags: Flags, surroundings: Surroundings): Promise<Prediction> {
  const routing = await readRouting({ ...flags, exact: true }, surroundings, "all that is named", {
    adjusted: (options) => ({
      ...options,
      standIns: options.completeness === "whole" ? undefined : {},
    }),
  });
  const stopped = stoppedInWords(routing.compiled);
  if (stopped !== undefined) {
    await routing.close();
    throw new UserError("controller-stops", `The controller answers ${stopped}.`);
  }
  const { table, reading } = routing;
  const { outcome } = createPredictor(routing);
  const certificateOf = expectedCertificates({
    table,
    secrets: reading.snapshot.secrets,
    absent: routing.completeness === "whole" ? "fake" : "unknown",
    without: controllerNamed(routing.settings.controller).certificateWithout ?? "any",
  });
  return {
    routing,
    outcomes: (request) => {
      const usual = outcome(request);
      if (usual.decision.kind !== "forward") return [usual];
      const other = outcome({ ...request, chance: 0 });
      return targetOf(other) === targetOf(usual) ? [usual] : [usual, other];
    },
    handshake: (request) => {
      if (request.scheme === "http") return undefined;
      const servername = serverNameOf(headerIn(request.headers, "host") ?? "");
      const decided = matchTls(table, servername);
      if (decided.kind === "reject") return "refused";
      return decided.kind === "pass" ? "passed through" : certificateOf(servername);
    },
  };
}

function targetOf({ decision }: Outcome): string {
  if (decision.kind !== "forward") return decision.kind;
  const { namespace, service } = decision.backend;
  return `${namespace}/${service} ${decision.upstreamPath}`;
}
