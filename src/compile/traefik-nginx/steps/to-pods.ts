import type { Step } from "../../../step/step.ts";
import type { Location } from "../location.ts";

/** Of the client's certificate, on http too, where there is none. */
export function certificateSteps({ annotations }: Location): readonly Step[] {
  const isPassed =
    annotations.boolean("auth-tls-pass-certificate-to-upstream") === true &&
    annotations.has("auth-tls-secret");
  return isPassed ? [{ kind: "passed-certificate" }] : [];
}

/** A cookie of `affinity` says more than the key. */
export function upstreamHashSteps({ annotations }: Location): readonly Step[] {
  const text = annotations.bytes("upstream-hash-by") ?? "";
  return text === "" || annotations.text("affinity") === "cookie" ? [] : [{ kind: "hash-by", text }];
}
