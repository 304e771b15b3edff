/** Ended by the proxy's stop, not by a fault. */
export class ProxyStopped extends Error {
  override readonly name = "ProxyStopped";

  constructor() {
    super("the proxy has stopped");
  }
}
