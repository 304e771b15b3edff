import type { Form } from "../forms/choose.ts";
import { githubTestForm } from "./forms/github.ts";
import { jsonTestForm } from "./forms/json.ts";
import { junitForm } from "./forms/junit.ts";
import { tapForm } from "./forms/tap.ts";
import { textTestForm } from "./forms/text.ts";
import type { TestReport } from "./report.ts";

/** By the name that `-o` takes. */
export const TEST_FORMS = {
  text: textTestForm,
  json: jsonTestForm,
  tap: tapForm,
  junit: junitForm,
  github: githubTestForm,
} satisfies Record<string, Form<TestReport>>;
