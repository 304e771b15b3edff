import { PHRASES } from "../phrases.ts";

/** Go's words for a status (net/http/status.go). */
export function goPhrase(status: number): string {
  return GO_PHRASES.get(status) ?? PHRASES.get(status) ?? `status code ${status}`;
}

/** Where they differ from RFC 9110, and statuses that only backends answer with. */
const GO_PHRASES: ReadonlyMap<number, string> = new Map([
  [100, "Continue"],
  [102, "Processing"],
  [103, "Early Hints"],
  [201, "Created"],
  [202, "Accepted"],
  [203, "Non-Authoritative Information"],
  [205, "Reset Content"],
  [206, "Partial Content"],
  [207, "Multi-Status"],
  [208, "Already Reported"],
  [226, "IM Used"],
  [300, "Multiple Choices"],
  [304, "Not Modified"],
  [305, "Use Proxy"],
  [402, "Payment Required"],
  [406, "Not Acceptable"],
  [407, "Proxy Authentication Required"],
  [409, "Conflict"],
  [410, "Gone"],
  [411, "Length Required"],
  [412, "Precondition Failed"],
  [413, "Request Entity Too Large"],
  [414, "Request URI Too Long"],
  [415, "Unsupported Media Type"],
  [416, "Requested Range Not Satisfiable"],
  [417, "Expectation Failed"],
  [418, "I'm a teapot"],
  [422, "Unprocessable Entity"],
  [423, "Locked"],
  [424, "Failed Dependency"],
  [425, "Too Early"],
  [426, "Upgrade Required"],
  [428, "Precondition Required"],
  [451, "Unavailable For Legal Reasons"],
  [506, "Variant Also Negotiates"],
  [507, "Insufficient Storage"],
  [508, "Loop Detected"],
  [510, "Not Extended"],
  [511, "Network Authentication Required"],
]);
