/**
 * Loads ink and React in their production form. The other one is slower and keeps a performance entry for every
 * component of every frame. React chooses by NODE_ENV when it is loaded; in the package that is settled (build/bundle.ts).
 */
export async function loadView(): Promise<typeof import("./mount.tsx")> {
  const { env } = process;
  env.NODE_ENV ??= "production";
  return await import("./mount.tsx");
}
