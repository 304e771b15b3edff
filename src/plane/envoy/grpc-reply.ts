import type { RequestFacts, RespondDecision } from "../../model/decision.ts";

/** The status of gRPC for one of HTTP (`Utility::httpToGrpcStatus` of Envoy); 2 (UNKNOWN) for others. */
const STATUSES: ReadonlyMap<number, number> = new Map([
  [400, 13],
  [401, 16],
  [403, 7],
  [404, 12],
  [429, 14],
  [502, 14],
  [503, 14],
  [504, 14],
]);

/** A client of gRPC gets Envoy's own answers as its status, with 200. */
export function grpcReply(
  decision: RespondDecision,
  { header }: Pick<RequestFacts, "header">,
): RespondDecision {
  const type = header("content-type");
  if (type === undefined || !/^application\/grpc(?:$|[+;])/i.test(type)) return decision;
  const status = String(STATUSES.get(decision.status) ?? 2);
  const { responseHeaders = [], text = "" } = decision;
  return {
    ...decision,
    status: 200,
    text: "",
    responseHeaders: [
      ...responseHeaders,
      ["content-type", "application/grpc"],
      ["grpc-status", status],
      ...(text === "" ? [] : [["grpc-message", encodeURI(text)] as const]),
    ],
  };
}
