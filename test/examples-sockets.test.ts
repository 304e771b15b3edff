import { afterAll, describe } from "vitest";
import { allExamples } from "./support/all-cases.ts";
import { compareSockets } from "./support/compared.ts";
import { fakeCertificates } from "./support/fake-certificates.ts";

const certificates = fakeCertificates();
afterAll(() => certificates.close());

describe.each(allExamples())("$name", (example) => compareSockets(example, certificates));
