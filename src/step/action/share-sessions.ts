import type { Reason } from "../../model/reason.ts";
import type { Share, ShareSession } from "../../model/route/action.ts";

interface Drawn {
  readonly share: Share;
  readonly because?: Reason | undefined;
}

export interface ChosenShare extends Drawn {
  /** Cookies that the client gets, from the outermost service on. */
  readonly given: readonly ShareSession[];
}

type Shares = readonly [Share, ...Share[]];

const NONE: readonly ShareSession[] = [];

/**
 * Goes down through weighted services inside each other: the client's cookie of each chooses, else the draw does. `sent`: the
 * values of a cookie. Source: pkg/server/service/loadbalancer/wrr/wrr.go, ServeHTTP
 */
export function chooseBySessions(
  all: Shares,
  draw: (among: Shares) => Drawn,
  sent: (cookie: string) => readonly string[],
): ChosenShare {
  if (all.every(({ sessions }) => sessions === undefined)) {
    const { share, because } = draw(all);
    return { share, because, given: NONE };
  }
  const given: ShareSession[] = [];
  let among: readonly Share[] = all;
  let drawn: Drawn | undefined;
  const one = (): Drawn => {
    const [first = all[0], ...others] = among;
    if (drawn === undefined || !among.includes(drawn.share)) drawn = draw([first, ...others]);
    return drawn;
  };
  for (let depth = 0; ; depth += 1) {
    const sessionOf = ({ sessions }: Share) => sessions?.[depth];
    const [cookie, ...others] = new Set(among.map((share) => sessionOf(share)?.cookie));
    const own = others.length === 0 ? cookie : sessionOf(one().share)?.cookie;
    if (own === undefined) return { ...one(), given };
    among = among.filter((share) => sessionOf(share)?.cookie === own);
    const values = sent(own.name);
    // A share without weight gets nobody.
    const named = among.find((share) => share.weight > 0 && values.includes(sessionOf(share)?.key ?? ""));
    const session = sessionOf(named ?? one().share);
    if (named === undefined && session !== undefined) given.push(session);
    among = among.filter((share) => sessionOf(share)?.key === session?.key);
  }
}
