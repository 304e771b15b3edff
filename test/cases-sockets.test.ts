import { afterAll, describe } from "vitest";
import { allCases } from "./support/all-cases.ts";
import { compareSockets } from "./support/compared.ts";
import { fakeCertificates } from "./support/fake-certificates.ts";

const certificates = fakeCertificates();
afterAll(() => certificates.close());

describe.each(allCases())("$file", (expectations) => compareSockets(expectations, certificates));
