import type { BrowserContext, Page } from "playwright-core";

type Shift = {
  readonly value: number;
  readonly hadRecentInput: boolean;
  readonly sources: readonly {
    readonly node: Node | null;
    readonly previousRect: DOMRectReadOnly;
    readonly currentRect: DOMRectReadOnly;
  }[];
};

type Kept = { shift: number; moved: string[] };

/** What is seen to move of itself is added up (Layout Instability API), from the first paint of every page that `where` opens. */
export async function watchShift(where: BrowserContext | Page): Promise<void> {
  await where.addInitScript(() => {
    const kept = globalThis as unknown as Kept;
    kept.shift = 0;
    kept.moved = [];
    const place = ({ x, y, width, height }: DOMRectReadOnly) =>
      `${width}×${height} at ${x}, ${y}`.replace(/\.\d+/g, "");
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries() as unknown as Shift[]) {
        if (hadRecentInput) continue;
        kept.shift += value;
        for (const { node, previousRect, currentRect } of sources)
          kept.moved.push(
            `${node?.nodeName} "${(node?.textContent ?? "").slice(0, 40)}": ${place(previousRect)} → ${place(currentRect)}`,
          );
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
}

/** What has moved, said so that it can be found; nothing where the sum is at most `unseen`. */
export async function moved(page: Page, unseen = 0.02): Promise<string[]> {
  return page.evaluate((unseen) => {
    const { shift, moved } = globalThis as unknown as Kept;
    return shift <= unseen ? [] : [`${shift}`, ...moved];
  }, unseen);
}
