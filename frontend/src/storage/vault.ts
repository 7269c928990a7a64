/**
 * What must survive a reload, sealed under keys that are nowhere on the device: a key comes from what the donor's wallet signs for the round
 * (KEY-5) or from a backup code, and lies in this page's memory alone. So what a browser leaves of a record on the disk, deleted or not, opens
 * for nobody who has only the device. The passphrase seals nothing: what opens under the right one only would tell a right passphrase from
 * a wrong one. Every record has the same form whatever it is about: a place in the clear, and multiples of `PADDING` bytes.
 */
export type SealedRecord = {
  readonly id: string;
  /** The round, which is public. */
  readonly place: string;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
};

const DATABASE = "tacit";
const STORE = "sealed";
const PADDING = 8_192;
const LENGTH_BYTES = 4;

/** A key for records, from a wallet's signature or the bytes of a backup code. It cannot be taken out of the page's memory. */
export async function recordKeyOf(source: Uint8Array): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey("raw", Uint8Array.from(source), "HKDF", false, [
    "deriveKey",
  ]);
  return crypto.subtle.deriveKey(
    {
      name: "HKDF",
      hash: "SHA-256",
      salt: new Uint8Array(),
      info: new TextEncoder().encode("Tacit record on a device"),
    },
    material,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

/** Rejects where the browser keeps nothing. @returns the record's id */
export async function putSealed(place: string, key: CryptoKey, value: unknown): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(value));
  const padded = new Uint8Array(Math.ceil((LENGTH_BYTES + text.length) / PADDING) * PADDING);
  new DataView(padded.buffer).setUint32(0, text.length);
  padded.set(text, LENGTH_BYTES);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, padded);
  const id = crypto.randomUUID();
  await request("readwrite", (store) =>
    store.put({ id, place, iv, data } satisfies SealedRecord, id),
  );
  return id;
}

/** A place's records; none where the browser keeps nothing. */
export async function sealedAt(place: string): Promise<readonly SealedRecord[]> {
  const all = await request<SealedRecord[]>("readonly", (store) => store.getAll()).catch(() => []);
  return all.filter((record) => record.place === place);
}

/** undefined where it is another key's. */
export async function openSealed<T>(
  { iv, data }: SealedRecord,
  key: CryptoKey,
): Promise<T | undefined> {
  try {
    const padded = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data);
    const length = new DataView(padded).getUint32(0);
    return JSON.parse(new TextDecoder().decode(new Uint8Array(padded, LENGTH_BYTES, length))) as T;
  } catch {
    return undefined;
  }
}

/** Rejects where it cannot be deleted. */
export const deleteSealed = (id: string): Promise<unknown> =>
  request("readwrite", (store) => store.delete(id));

/** Whether the browser keeps records: tried out with one, for some open their store and then refuse to write into it. */
export async function isKept(): Promise<boolean> {
  try {
    await request("readwrite", (store) => store.put({}, TRIAL));
    await deleteSealed(TRIAL);
    return true;
  } catch {
    return false;
  }
}
const TRIAL = "trial";

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
