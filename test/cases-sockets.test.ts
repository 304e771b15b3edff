import { afterAll, describe } from "vitest";
import { allCases } from "./support/all-cases.ts";
import { compareSockets } from "./support/compared.ts";
import { fakeCertificates } from "./support/fake-certificates.ts";

const certificates = fakeCertificates();
afterAll(() => certificates.close());

const asking = allCases().filter(({ requests }) => requests.length > 0);

describe.each(asking)("$file", (expectations) => compareSockets(expectations, certificates));
