import type { BrowserContext, Page } from "playwright-core";
import type { Watched } from "./browser.ts";

/** Where any of `secrets` can be found: addresses, storage (sealed records included, as far as a script can read them), console, requests, cookies. */
export async function traces(
  context: BrowserContext,
  { page, console, requests }: Watched,
  secrets: readonly string[],
): Promise<string[]> {
  const stored = await page.evaluate(async () => {
    const records = await new Promise<unknown[]>((resolve) => {
      const opening = indexedDB.open("tacit");
      opening.onerror = () => resolve([]);
      opening.onsuccess = () => {
        const database = opening.result;
        if (!database.objectStoreNames.contains("sealed")) return resolve([]);
        const asked = database.transaction("sealed").objectStore("sealed").getAll();
        asked.onsuccess = () => (database.close(), resolve(asked.result as unknown[]));
      };
    });
    const texts = records.map((record) => {
      const { data, ...rest } = record as { data: ArrayBuffer };
      return `${JSON.stringify(rest)} ${new TextDecoder("latin1").decode(data)}`;
    });
    return [
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage }),
      JSON.stringify(history.state),
      document.cookie,
      document.title,
      ...texts,
    ].join("\n");
  });
  const places: Record<string, string> = {
    storage: stored,
    address: page.url(),
    console: console.join("\n"),
    requests: requests.map(({ url, body }) => `${url} ${body}`).join("\n"),
    cookies: JSON.stringify(await context.cookies()),
  };
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString("base64").replace(/=+$/, ""),
    Buffer.from(secret).toString("hex"),
  ]);
  return Object.entries(places).flatMap(([place, text]) =>
    forms.filter((form) => text.includes(form)).map((form) => `${place}: ${form}`),
  );
}

/** Records in the page's sealed store. */
export function sealedRecords(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open("tacit");
        opening.onerror = () => reject(new Error("the store does not open"));
        opening.onsuccess = () => {
          if (!opening.result.objectStoreNames.contains("sealed")) return resolve(0);
          const counting = opening.result.transaction("sealed").objectStore("sealed").count();
          counting.onsuccess = () => (opening.result.close(), resolve(counting.result));
        };
      }),
  );
}
