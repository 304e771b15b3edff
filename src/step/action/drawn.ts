import type { RequestFacts } from "../../model/decision.ts";
import type { ForwardAction, RespondAction, Share } from "../../model/route/action.ts";
import type { BackendProtocol } from "../../model/route/transport.ts";

/**
 * The answer in place of a drawn share that leads nowhere, or has no endpoints. `undefined`: it is asked.
 *
 * With a stand-in, shares that lead nowhere and those without endpoints answer alike: as the stand-in while another share
 * has endpoints, else as the first that leads nowhere (Envoy Gateway, internal/gatewayapi/route.go).
 */
export function answerOfDrawn(
  share: Share,
  { shares, standIn }: ForwardAction,
  request: RequestFacts,
  protocol: BackendProtocol,
): RespondAction | undefined {
  if (standIn?.kind !== "respond") return share.unusable;
  const isEmpty = (each: Share) => request.noEndpoints(each.backend, protocol) !== undefined;
  if (share.unusable === undefined && !isEmpty(share)) return undefined;
  const usable = shares.filter((each) => each.unusable === undefined);
  const empty = usable.filter(isEmpty);
  const unusable = shares.find((each) => each.unusable !== undefined)?.unusable;
  return empty.length === 0 || empty.length === usable.length ? (unusable ?? standIn) : standIn;
}
