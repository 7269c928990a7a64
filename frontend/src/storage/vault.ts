/**
 * What must survive a reload, sealed under a key that the browser keeps and does not give out (non-extractable AES-GCM), one key
 * a record. Wiping deletes both. The passphrase does not seal anything: data that opens under the right one only would tell a
 * right passphrase from a wrong one.
 */
type Sealed = { readonly key: CryptoKey; readonly iv: Uint8Array<ArrayBuffer>; readonly data: ArrayBuffer };
export type VaultName = "draft" | "pending";

const DATABASE = "tacit";
const STORE = "sealed";

export async function seal(name: VaultName, value: unknown): Promise<void> {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(JSON.stringify(value)));
  await request("readwrite", (store) => store.put({ key, iv, data } satisfies Sealed, name));
}

/** undefined where there is nothing, or nothing that opens. */
export async function open<T>(name: VaultName): Promise<T | undefined> {
  const sealed = await request<Sealed | undefined>("readonly", (store) => store.get(name));
  if (sealed === undefined) return undefined;
  try {
    const data = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, sealed.key, sealed.data);
    return JSON.parse(new TextDecoder().decode(data)) as T;
  } catch {
    await wipe(name);
    return undefined;
  }
}

export async function wipe(name: VaultName): Promise<void> {
  await request("readwrite", (store) => store.delete(name));
}

async function request<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest): Promise<T> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error as DOMException);
  });
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const asked = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result as T);
      transaction.onerror = transaction.onabort = () => reject(transaction.error as DOMException);
    });
  } finally {
    database.close();
  }
}
