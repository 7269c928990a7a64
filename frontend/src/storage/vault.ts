/**
 * What must survive a reload, sealed under a key that the browser keeps and does not give out (non-extractable AES-GCM), one key
 * a record. Wiping deletes both. The passphrase does not seal anything: data that opens under the right one only would tell a
 * right passphrase from a wrong one.
 *
 * Where the browser keeps nothing (a private window, blocked site data) a record stays in this page's memory: then it survives every
 * way through the page, and no reload.
 */
type Sealed = {
  readonly key: CryptoKey;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
};
export type VaultName = "draft" | "pending";

const DATABASE = "tacit";
const STORE = "sealed";

const memory = new Map<VaultName, unknown>();
/** Records that this page has put on the device or found there. */
const onDevice = new Set<string>();

export async function seal(name: VaultName, value: unknown): Promise<void> {
  try {
    await put(name, value);
    memory.delete(name);
  } catch {
    memory.set(name, value);
  }
}

/** undefined where there is nothing, or nothing that opens. */
export async function open<T>(name: VaultName): Promise<T | undefined> {
  if (memory.has(name)) return memory.get(name) as T;
  const sealed = await request<Sealed | undefined>("readonly", (store) => store.get(name)).catch(
    () => undefined,
  );
  if (sealed === undefined) return undefined;
  onDevice.add(name);
  try {
    const data = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: sealed.iv },
      sealed.key,
      sealed.data,
    );
    return JSON.parse(new TextDecoder().decode(data)) as T;
  } catch {
    await wipe(name);
    return undefined;
  }
}

/** Rejects only where a record is on the device and cannot be deleted. */
export async function wipe(name: VaultName): Promise<void> {
  memory.delete(name);
  try {
    await request("readwrite", (store) => store.delete(name));
    onDevice.delete(name);
  } catch (error) {
    if (onDevice.has(name)) throw error;
  }
}

/** Whether the browser keeps records: tried out with one, for some open their store and then refuse to keep a key in it. */
export async function isKept(): Promise<boolean> {
  try {
    await put(TRIAL, "");
    await request("readwrite", (store) => store.delete(TRIAL));
    return true;
  } catch {
    return false;
  }
}
const TRIAL = "trial";

async function put(name: VaultName | typeof TRIAL, value: unknown): Promise<void> {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv },
    key,
    new TextEncoder().encode(JSON.stringify(value)),
  );
  await request("readwrite", (store) => store.put({ key, iv, data } satisfies Sealed, name));
  onDevice.add(name);
}

async function request<T>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest,
): Promise<T> {
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
