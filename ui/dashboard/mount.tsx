import { Writable } from "node:stream";
import { render } from "ink";
import type { Size } from "../terminal/screen.ts";
import { createPaper, PAPER_COLUMNS } from "./paper.ts";
import { View, type ViewProps } from "./view.tsx";

export type Shown = Omit<ViewProps, "paper">;

export interface Mounted {
  show(props: Shown): void;
  unmount(): void;
}

/**
 * The stream that ink writes to: every write is one whole frame.
 *
 * ink's own full-screen output clears screen and scrollback for every frame, and writes nothing when the variable CI is
 * set. In its debug mode it gives frames, which `Screen` brings to the terminal.
 */
function frames(rows: () => number, onFrame: (frame: string) => void): NodeJS.WriteStream {
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      if (chunk !== "") onFrame(String(chunk));
      done();
    },
  });
  Object.defineProperties(stream, {
    columns: { value: PAPER_COLUMNS },
    rows: { get: rows },
  });
  return stream as unknown as NodeJS.WriteStream;
}

/** Mounts the view. When a component throws, the view is unmounted and `onFailure` is called. */
export function mount(
  first: Shown,
  options: {
    readonly stdin: NodeJS.ReadStream;
    readonly size: () => Size;
    readonly onFrame: (frame: string) => void;
    readonly onFailure: (error: unknown) => void;
  },
): Mounted {
  const paper = createPaper();
  // With the variable CI, ink writes one more line at unmounting, which is not a frame.
  let mounted = true;
  const instance = render(<View {...first} paper={paper} />, {
    stdout: frames(
      () => options.size().rows,
      (marks) => {
        if (mounted) options.onFrame(paper.take(marks));
      },
    ),
    stdin: options.stdin,
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: false,
  });
  instance.waitUntilExit().catch(options.onFailure);
  return {
    show: (props) => instance.rerender(<View {...props} paper={paper} />),
    unmount: () => {
      mounted = false;
      instance.unmount();
    },
  };
}
