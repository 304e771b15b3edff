/** Something that is made when it is first asked for. */
export interface Late<T> {
  /** `undefined` until it is made. */
  readonly now: T | undefined;
  /** Makes it at the first call; later calls get the same. */
  load(): Promise<T>;
}

/** `make` loads the code that it needs: what is needed late costs the start nothing. */
export function late<T>(make: () => Promise<T>): Late<T> {
  let now: T | undefined;
  let loading: Promise<T> | undefined;
  return {
    get now() {
      return now;
    },
    load() {
      loading ??= make().then((made) => {
        now = made;
        return made;
      });
      return loading;
    },
  };
}
