import { BlockList } from "node:net";
import type { Forwarded } from "../../model/controller.ts";
import { readEnvoyText } from "../../step/envoy/text.ts";
import type { Step } from "../../step/step.ts";

const NOBODY = { written: [], ipv4: new BlockList(), ipv6: new BlockList() };

/** `num-trusted-hops`; `undefined`: no header of clients is believed. */
export function forwardedBy(hops: number): Forwarded | undefined {
  if (hops <= 0) return undefined;
  return { trusts: "all", header: "x-forwarded-for", hops, trusted: NOBODY, chain: "client" };
}

/** Backends are told what is believed. */
export function hopSteps(hops: number): readonly Step[] {
  return hops <= 0 ? [] : TOLD;
}

const TOLD: readonly Step[] = [
  {
    kind: "envoy-headers",
    request: [
      { name: "x-forwarded-proto", value: readEnvoyText("%REQ(X-Forwarded-Proto)%") },
      { name: "x-envoy-external-address", value: readEnvoyText("%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%") },
    ],
  },
];
