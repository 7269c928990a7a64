import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { isKept } from "../storage/vault.ts";

/** Whoever is about to close or reload the page is asked first. */
export function useAskFirst(asks: boolean): void {
  useEffect(() => {
    if (!asks) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [asks]);
}

/** Whether the browser keeps what is on its way; where it does not, whoever is about to close the page is asked first. */
export function useStay(): boolean | undefined {
  const { data: kept } = useQuery({ queryKey: ["kept"], queryFn: isKept, gcTime: 0 });
  useAskFirst(kept === false);
  return kept;
}
