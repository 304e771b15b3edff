import { type Behaviour, behaviourOf } from "../../diff/behaviour.ts";
import type { Cause, Difference, DifferenceSide } from "../../diff/difference.ts";
import { sideOf } from "../../diff/side-of.ts";
import type { Outcome } from "../../match/outcome.ts";
import { reason } from "../../model/reason.ts";
import type { SampleRequest } from "../../model/sample-request.ts";
import { headerIn } from "../../request/header-line.ts";
import { portText } from "../../service/port.ts";
import { shownInWords } from "../../verify/judge/certificate.ts";
import type { Judgement } from "../../verify/judge/judge.ts";
import type { LiveAnswer, ShownCertificate } from "../../verify/live-answer.ts";

type Different = Extract<Judgement, { kind: "different" }>;
type What = Different["what"] | "certificate";

const NAMING = {
  service: ({ namespace, service, port }: Parameters<Parameters<typeof behaviourOf>[1]["service"]>[0]) =>
    `${namespace}/${service}:${portText(port)}`,
  certificate: () => undefined,
  settings: "decided",
} as const;

/** Lowest first, on the scale of `rankOf`: loss of service, another Service, redirects, statuses, certificates. */
const RANKS: Readonly<Record<What, number>> = {
  "no-answer": 0,
  controller: 0,
  service: 1,
  location: 6,
  status: 7,
  certificate: 12,
};

/** As predicted. `certificate`: in words. */
export function predictedSide(outcome: Outcome, certificate?: string): DifferenceSide {
  const { kind, status, location, service, path } = behaviourOf(outcome, NAMING);
  return sideOf(outcome, { kind, status, location, service, path, certificate });
}

/** As answered. `note`: what tells. */
export function answeredSide(
  answer: LiveAnswer,
  { service, note }: { readonly service?: string | undefined; readonly note?: string | undefined },
): DifferenceSide {
  const why = note === undefined ? [] : [reason("as-answered", cut(note))];
  return { behaviour: behaviourIn(answer, service), why: [...why, ...pageIn(answer)] };
}

function behaviourIn(answer: LiveAnswer, service: string | undefined): Behaviour {
  if (answer.kind === "silent") return { kind: "no answer" };
  const { status, location } = answer;
  const isRedirect = status >= 300 && status < 400 && location !== undefined;
  const kind = service !== undefined ? "forward" : isRedirect ? "redirect" : "respond";
  return { kind, status, service, location: location === undefined ? undefined : cut(location) };
}

/** Headers that hint at who answered. */
const TELLING = ["server", "via", "x-powered-by", "content-type"];

function pageIn(answer: LiveAnswer): DifferenceSide["why"] {
  if (answer.kind === "silent") return [];
  const said = TELLING.flatMap((name) => {
    const value = headerIn(answer.headers, name);
    return value === undefined ? [] : [`${name}: ${cut(value)}`];
  });
  const title = /<title>([^<]{1,80})<\/title>/i.exec(answer.body)?.[1];
  const parts = [...said, ...(title === undefined ? [] : [`page: ${title}`])];
  return parts.length === 0 ? [] : [reason("as-answered", parts.join(", "))];
}

/** The longest foreign text that is shown. unit: characters */
const LONGEST = 300;

function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}

/** The difference between two sides, with its cause. */
export function differing(
  request: SampleRequest,
  verdict: Different,
  first: DifferenceSide,
  second: DifferenceSide,
): Difference {
  const { what } = verdict;
  const aspects = {
    "no-answer": "kind",
    controller: "kind",
    service: "service",
    status: "status",
    location: "location",
  } as const;
  return {
    request,
    cause: causeIn(verdict, first, second),
    first,
    second,
    aspects: [aspects[what]],
    rank: RANKS[what],
  };
}

function causeIn({ what, note }: Different, first: DifferenceSide, second: DifferenceSide): Cause {
  const { service: a, status: from } = first.behaviour;
  const { service: b, status: to } = second.behaviour;
  const of = first.ingress === undefined ? "" : ` of ${first.kind ?? "Ingress"} ${first.ingress}`;
  const made = (code: Cause["code"], text: string, detail: string): Cause => ({
    ...{ code, text, detail },
    key: `${code} ${detail}${of}`,
  });
  switch (what) {
    case "no-answer":
      return made("no-answer", "no answer", (note ?? "").replace(/\.$/, ""));
    case "controller":
      return made("own-answer", "the controller answers by itself", `${to} in place of ${a ?? from}`);
    case "service":
      return made("service-changed", "another Service answers", `${a ?? from} → ${b ?? "a backend"}`);
    case "status":
      return made("status-changed", "another status", `${from ?? a} → ${to}${of}`);
    case "location":
      return made("redirect-changed", "another Location", `${from}${of}`);
  }
}

/** Another certificate than expected, in words. */
export function otherCertificate(
  request: SampleRequest,
  {
    expected,
    shown,
    name,
  }: { readonly expected: string; readonly shown: ShownCertificate | undefined; readonly name: string },
  first: DifferenceSide,
  second: DifferenceSide,
): Difference {
  const seen = shownInWords(shown);
  return {
    request,
    cause: {
      code: "certificate",
      text: "another certificate",
      detail: `${name}: ${expected} → ${seen}`,
      key: `certificate ${expected} ${seen}`,
    },
    first: { ...first, behaviour: { ...first.behaviour, certificate: expected } },
    second: { ...second, behaviour: { ...second.behaviour, certificate: seen } },
    aspects: ["certificate"],
    rank: RANKS.certificate,
  };
}
