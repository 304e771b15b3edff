import { jsonFields } from "../../../model/json.ts";
import type { Problem } from "../../../model/problem.ts";
import { reason } from "../../../model/reason.ts";
import type { CustomResource } from "../../../model/resource.ts";
import type { Step } from "../../../step/step.ts";
import { ingressName, problemOf } from "../../problem.ts";
import { placeOf } from "../../route.ts";

interface Unchecked {
  readonly field: string;
  /** Guards that are not asked here. */
  readonly what: string;
  /** Envoy's answer where it cannot ask. */
  readonly status: number;
  readonly text: string;
  readonly withoutToken?: string;
  readonly unless?: "no token";
}

/** Guards of a SecurityPolicy that only a cluster can ask. */
function uncheckedIn({ spec }: CustomResource): readonly Unchecked[] {
  const found: Unchecked[] = [];
  if (jsonFields(spec.extAuth).grpc !== undefined)
    found.push({ field: "extAuth.grpc", what: "a service by gRPC", status: 403, text: "" });
  if (spec.jwt !== undefined) {
    const [text, withoutToken] = ["Jwt verification fails", "Jwt is missing"];
    const isOptional = jsonFields(spec.jwt).optional === true;
    found.push({
      ...{ field: "jwt", what: "the signature of a token", status: 401, text, withoutToken },
      ...(isOptional ? { unless: "no token" } : {}),
    });
  }
  if (spec.oidc !== undefined)
    found.push({ field: "oidc", what: "an OpenID provider", status: 401, text: "OAuth flow failed." });
  return found;
}

export function uncheckedSteps(policy: CustomResource): readonly Step[] {
  return uncheckedIn(policy).map(({ field, what, status, text, withoutToken, unless }): Step => {
    const words = `the ${field} of ${policy.kind} ${ingressName(policy)} asks ${what}, which is not done here: nobody is let in`;
    const why = reason("no-credentials", words, placeOf(policy, `spec.${field}`));
    return { kind: "envoy-unchecked", status, text, withoutToken, unless, why };
  });
}

export function uncheckedProblems(policy: CustomResource): readonly Problem[] {
  return uncheckedIn(policy).map(({ field, what, status }) =>
    problemOf(policy, {
      ...{ code: "field-not-honoured", level: "warning", field: `spec.${field}` },
      message: `${policy.kind} ${ingressName(policy)}: ${field} asks ${what} in the cluster; here its requests are refused with ${status}.`,
      fix: "Leave the policy out of what ingress-dev reads to work behind the guard.",
    }),
  );
}
