import { type ComponentType, lazy } from "react";

/** A page that is fetched when somebody first opens it. */
export function page<K extends string>(load: () => Promise<Record<K, ComponentType>>, name: K) {
  return lazy(async () => ({ default: (await load())[name] }));
}
