import { describe, expect, test } from "vitest";
import { allCases } from "./support/all-cases.ts";
import { compareFunctions } from "./support/compared.ts";

const cases = allCases();

test("there are cases to run", () => expect(cases.length).toBeGreaterThan(40));

describe.each(cases)("$file", compareFunctions);
