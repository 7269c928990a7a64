import { useEffect, useRef } from "react";
import { startKeyKeeper, type KeyKeeper } from "./keys.ts";

/** A keeper for as long as the component stands, started when first needed. */
export function useKeyKeeper(): { readonly get: () => KeyKeeper; readonly end: () => void } {
  const keeper = useRef<KeyKeeper | undefined>(undefined);
  const end = () => {
    keeper.current?.end();
    keeper.current = undefined;
  };
  useEffect(() => end, []);
  return { get: () => (keeper.current ??= startKeyKeeper()), end };
}
