import { compile } from "../../src/compile/compile.ts";
import type { ClassRule } from "../../src/compile/controller.ts";
import { CONTROLLERS } from "../../src/compile/controllers.ts";
import { snapshotOf } from "../../src/manifest/snapshot.ts";

/** The rows of the table in `docs/controllers.md`, from the registry. */
function controllerRows(): string {
  const { snapshot } = snapshotOf([]);
  return CONTROLLERS.map(({ name, summary, classes, configMap }) => {
    const { table } = compile(snapshot, { controller: name, classless: "served" });
    const cells = [
      `\`${name}\``,
      summary,
      classes.controller === "any" ? "any" : `\`${classes.controller}\``,
      `\`${classes.installed}\``,
      classlessInWords(classes),
      configMap === undefined ? "none" : `\`${configMap.namespace}/${configMap.name}\``,
      table.plane.name,
    ];
    return `| ${cells.join(" | ")} |\n`;
  }).join("");
}

function classlessInWords({ classless }: ClassRule): string {
  if (classless === "served") return "served";
  return `served, with a notice; with \`--exact\` ignored, as by ${classless.ignoredBy}`;
}

/** The page with the rows of the registry in the place of its own. */
export function withControllerRows(page: string): string {
  return page.replace(/(?<=\|\n\|(?:-+\|)+\n)(?:\| `.*\n)*/, controllerRows());
}
