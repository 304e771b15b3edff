import type { Form } from "../forms/choose.ts";
import { githubForm } from "./github.ts";
import { jsonForm } from "./json.ts";
import type { CheckReport } from "./report.ts";
import { sarifForm } from "./sarif.ts";
import { textForm } from "./text.ts";

/** By the name that `-o` takes. */
export const CHECK_FORMS = {
  text: textForm,
  json: jsonForm,
  github: githubForm,
  sarif: sarifForm,
} satisfies Record<string, Form<CheckReport>>;
