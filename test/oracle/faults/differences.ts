/** An intended difference in reading broken answers. */
export interface FaultDifference {
  /** The heading of its section in `docs/differences.md`. */
  readonly name: string;
  /** Names of faults in the table. */
  readonly faults: readonly string[];
}

/** Intended differences, with reasons in `docs/differences.md`. Any other one fails the test. */
export const FAULT_DIFFERENCES: readonly FaultDifference[] = [
  {
    name: "An answer that is no HTTP",
    faults: [
      "GET: garbage",
      "GET: binary garbage",
      "GET: a page without a head, closed",
      "GET: nothing but the version",
      "GET: an empty line first",
    ],
  },
  {
    name: "Status lines that are none",
    faults: [
      "GET: a status that is none",
      "GET: a status of two digits",
      "GET: a status of four digits",
      "GET: a status that runs into its phrase",
      "GET: status 000",
      "GET: status 099",
      "GET: HTTP/0.9",
      "GET: http in lower case",
    ],
  },
  {
    name: "Answers before the answer",
    faults: [
      "GET: 100 before the answer",
      "GET: 100, later the answer",
      "GET: 100 and nothing else, closed",
      "GET: 103 before the answer",
      "GET: 101 that nobody asked for",
    ],
  },
  {
    name: "A length that is none, or that is not the only one",
    faults: [
      "GET: two lengths that agree",
      "GET: two lengths that differ",
      "GET: lengths in one line",
      "GET: a length with a plus",
      "GET: a negative length",
      "GET: a length that is none",
      "GET: an empty length",
      "GET: a length of 30 digits",
      "GET: a length and chunks",
      "GET: chunks and a length",
      "GET: Transfer-Encoding identity",
      "GET: two Transfer-Encoding lines",
      "GET: an unknown Transfer-Encoding",
      "GET: gzip and chunks",
    ],
  },
];
