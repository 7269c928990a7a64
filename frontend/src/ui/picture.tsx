import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Hex } from "viem";
import { isPictureOf, MOST_PICTURE_BYTES, readPicture, readReference } from "../../../src/index.ts";
import { useSite, type SiteConfig } from "../config/site.ts";
import { Emblem } from "./emblem.tsx";

/**
 * A picture that a document names, as a `data:` address of exactly the bytes that were checked (META-5); undefined while it is fetched,
 * null where neither the site nor a relay of its chain has it. Asks for nothing unless `wanted`.
 */
export function usePicture(
  reference: string | undefined,
  chainId: number,
  wanted = true,
): string | null | undefined {
  const site = useSite();
  const digest = reference === undefined ? undefined : readReference(reference);
  const { data } = useQuery({
    queryKey: ["picture", chainId, digest],
    enabled: wanted && digest !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 600_000,
    retry: false,
    queryFn: () => fetchPicture(digest as Hex, sourcesOf(site, chainId)),
  });
  return digest === undefined ? null : data;
}

/** Where pictures may lie: folders of the site's own, then the relay. Nowhere else, as the policy allows nothing else. */
const sourcesOf = ({ chains, content = [] }: SiteConfig, chainId: number): readonly string[] => {
  const relay = chains.find(({ id }) => id === chainId)?.relay;
  return [...content, ...(relay === undefined ? [] : [`${relay.replace(/\/$/, "")}/content`])];
};

async function fetchPicture(digest: Hex, sources: readonly string[]): Promise<string | null> {
  for (const source of sources) {
    const bytes = await fetchBytes(`${source.replace(/\/$/, "")}/${digest.slice(2)}`);
    if (bytes !== undefined && isPictureOf(digest, bytes)) return dataAddress(bytes);
  }
  return null;
}

/** A file's bytes; undefined where there is none, or more than a picture may have. */
async function fetchBytes(address: string): Promise<Uint8Array | undefined> {
  try {
    const { ok, body } = await fetch(address, { credentials: "omit" });
    if (!ok || body === null) return undefined;
    const bytes = new Uint8Array(MOST_PICTURE_BYTES);
    let length = 0;
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return bytes.slice(0, length);
      if (length + value.length > bytes.length) {
        await reader.cancel();
        return undefined;
      }
      bytes.set(value, length);
      length += value.length;
    }
  } catch {
    return undefined; // a picture is worth no message
  }
}

function dataAddress(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return `data:${readPicture(bytes).type};base64,${btoa(text)}`;
}

/** The page's own colour. */
const GREEN = 165;

/**
 * A document's picture in a frame of fixed proportions, fetched when it comes near the screen; until then, and where there is none, the
 * emblem of `of`. `alt` is what the document says of the picture; without it the picture counts as decoration.
 */
export function Picture({
  image,
  of,
  chainId,
  alt = "",
  hue = GREEN,
  className = "aspect-video w-full",
}: {
  image: string | undefined;
  of: string;
  chainId: number;
  alt?: string | undefined;
  /** Of the colour that its project's category has, for the emblem. */
  hue?: number;
  className?: string;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const isNear = useNear(frame);
  const address = usePicture(image, chainId, isNear);
  return (
    <div
      ref={frame}
      style={{ "--hue": hue } as object}
      className={`tinted flex shrink-0 items-center justify-center overflow-hidden ${className}`}
    >
      {typeof address === "string" ? (
        <img src={address} alt={alt} decoding="async" className="size-full object-cover" />
      ) : (
        <Emblem of={of} className="size-[72%]" />
      )}
    </div>
  );
}

/** Whether an element has come within a screen's half of what is seen; stays so. */
function useNear(element: React.RefObject<HTMLElement | null>): boolean {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    if (element.current === null || isNear) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setNear(true);
      },
      { rootMargin: "50%" },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element, isNear]);
  return isNear;
}
