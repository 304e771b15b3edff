import { type JsonObject, jsonFields, jsonItems, jsonString } from "../../../model/json.ts";
import { reason } from "../../../model/reason.ts";
import type { Action, ForwardAction, RespondAction, Share } from "../../../model/route/action.ts";
import type { Balancing } from "../../../model/route/balancing.ts";
import type { PemPair, Transport } from "../../../model/route/transport.ts";
import type { Backend } from "../../../model/route.ts";
import { textAsBytes } from "../../../request/utf8.ts";
import type { Step } from "../../../step/step.ts";
import { placeOf } from "../../route.ts";
import { internalError, type Referred, type TranslatedRule } from "../rules.ts";
import { asSentence } from "../status/condition.ts";
import { headerEdits } from "./header-edits.ts";
import { transportTo } from "./transport.ts";

/** 503 without a page, in place of a share without endpoints. */
const NO_ENDPOINTS: RespondAction = { kind: "respond", status: 503, text: "", why: [] };

interface WayToBackends {
  readonly transport: Transport;
  /** The certificate that the Gateway shows to backends. */
  readonly pair: PemPair | undefined;
  /** default: in turn */
  readonly balancing: Balancing | undefined;
}

/** The action of a rule's requests. */
export function backendAction(rule: TranslatedRule, { transport, pair, balancing }: WayToBackends): Action {
  const live = rule.backends.filter(({ weight }) => weight > 0);
  const valid = live.flatMap(({ resolved, weight, ref }): Share[] =>
    resolved.kind === "valid"
      ? [
          {
            ...{ backend: balanced(resolved.backend, balancing), weight, steps: shareSteps(ref) },
            transport: transportTo(resolved, transport, pair),
          },
        ]
      : [],
  );
  const [first, ...others] = valid;
  const faults = rule.backends.flatMap((each) => faultOf(each, rule) ?? []);
  if (first === undefined) return internalError(faults.length === 0 ? [nothingToAsk(rule)] : faults);
  const lost = live.flatMap(({ resolved, weight }) =>
    resolved.kind === "invalid" ? [{ resolved, weight }] : [],
  );
  const [bad] = lost;
  const shares: [Share, ...Share[]] = [first, ...others];
  if (bad !== undefined) {
    const weight = lost.reduce((sum, each) => sum + each.weight, 0);
    shares.push(unusable(bad.resolved.backend, weight, internalError(faults)));
  }
  // Endpoints of one cluster go in turns, clusters of their own are drawn.
  const sharing = bad === undefined && shares.length > 1 ? "turns" : undefined;
  const action: ForwardAction = { kind: "forward", shares, sharing, standIn: NO_ENDPOINTS };
  return action;
}

function balanced(backend: Backend, balancing: Balancing | undefined): Backend {
  return balancing === undefined ? backend : { ...backend, balancing };
}

/** The filters of a backendRef. */
function shareSteps(ref: JsonObject): readonly Step[] | undefined {
  const steps = jsonItems(ref.filters).flatMap((item): Step[] => {
    const { type, requestHeaderModifier, responseHeaderModifier, urlRewrite } = jsonFields(item);
    if (type === "RequestHeaderModifier")
      return [{ kind: "envoy-headers", request: headerEdits(jsonFields(requestHeaderModifier)) }];
    if (type === "ResponseHeaderModifier")
      return [{ kind: "envoy-headers", response: headerEdits(jsonFields(responseHeaderModifier)) }];
    const host = jsonString(jsonFields(urlRewrite).hostname);
    return host === undefined ? [] : [{ kind: "envoy-host", to: [textAsBytes(host)], original: "untold" }];
  });
  return steps.length === 0 ? undefined : steps;
}

function unusable(backend: Backend, weight: number, answer: RespondAction): Share {
  return { backend, weight, unusable: answer };
}

function faultOf({ resolved }: Referred, { route, field, index }: TranslatedRule) {
  if (resolved.kind !== "invalid") return undefined;
  const at = placeOf(route, `${field}.backendRefs`);
  return reason("broken-reference", asSentence(`rule ${index}: ${resolved.fault.message}`), at);
}

function nothingToAsk({ route, field, backends }: TranslatedRule) {
  const text = backends.length === 0 ? "The rule has no backendRefs" : "All backendRefs have the weight 0";
  return reason("broken-reference", `${text}: 500`, placeOf(route, field));
}
