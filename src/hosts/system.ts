/**
 * The system's hosts file, as hostile knows it: `/etc/hosts`, or `C:/Windows/System32/drivers/etc/hosts`.
 *
 * Only this and the form of a line (address, one space, name) come from hostile. It changes lines that it was not asked
 * about, and leaves an empty file when it crashes or the disk is full. Version 1.4 is the same code with another `through`,
 * which brings 22 packages: hence 1.3.
 */
export async function systemHostsFile(): Promise<string> {
  // Loaded when asked for: it brings twelve packages, and most commands never need it.
  const { HOSTS } = await import("hostile");
  return HOSTS;
}
