import type { ReactElement } from "react";
import type { Detail } from "../detail.ts";
import { type Canvas, Lines } from "./line.tsx";
import { titleRow } from "./title.ts";

export function DetailPane(props: {
  detail: Detail;
  scroll: number;
  lines: number;
  canvas: Canvas;
}): ReactElement | null {
  const { detail, lines, canvas } = props;
  if (lines <= 0) return null;
  const height = lines - 1;
  const from = Math.max(0, Math.min(props.scroll, detail.lines.length - height));
  const visible = detail.lines.slice(from, from + height);
  const more =
    detail.lines.length > height
      ? `lines ${from + 1}-${from + visible.length} of ${detail.lines.length}`
      : "";
  const title = titleRow({
    ...{ name: detail.title, note: "", right: more, focus: "here", columns: canvas.columns },
  });
  const rows = visible.map((line) => ({ spans: [{ text: ` ${line}` }] }));
  return <Lines rows={[title, ...rows]} lines={lines} canvas={canvas} />;
}
