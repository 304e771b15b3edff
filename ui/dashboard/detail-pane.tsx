import type { ReactElement } from "react";
import type { Detail } from "../detail.ts";
import { Blank, type Canvas, Line } from "./line.tsx";
import { Title } from "./title.tsx";

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
  return (
    <>
      <Title name={detail.title} note="" right={more} focus="here" canvas={canvas} />
      {visible.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
        <Line key={index} spans={[{ text: ` ${line}` }]} canvas={canvas} />
      ))}
      <Blank lines={height - visible.length} canvas={canvas} />
    </>
  );
}
