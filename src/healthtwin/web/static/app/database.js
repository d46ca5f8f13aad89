// What the phone keeps: its pairing, what waits to be sent, and what was last heard. IndexedDB, in promises.

const NAME = "healthtwin";
const VERSION = 1;

/** `meta`: single facts by name. `queue`: what waits, in order. `answers`: of what was sent. `kept`: by path. */
const STORES = { meta: {}, queue: { keyPath: "id", autoIncrement: true }, answers: { keyPath: "id" }, kept: { keyPath: "path" } };

let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      for (const [name, options] of Object.entries(STORES)) request.result.createObjectStore(name, options);
    };
    request.onsuccess = () => {
      // Another tab erases the phone: let it, and open anew when something is asked for again.
      request.result.onversionchange = () => {
        request.result.close();
        opening = null;
      };
      resolve(request.result);
    };
    request.onerror = () => {
      opening = null;
      reject(request.error);
    };
  });
  return opening;
}

/** The result of one request inside a transaction. */
export const asked = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/**
 * Run `body` inside one transaction over these stores; all of it happens or nothing does.
 *
 * @param body gets the stores in the order named; it may await `asked` requests, but nothing else
 * @returns what `body` returned, once the disk has it
 */
export async function transact(names, mode, body) {
  const database = await open();
  const transaction = database.transaction(names, mode, { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error ?? new DOMException("aborted", "AbortError"));
  });
  let result;
  try {
    result = await body(...names.map((name) => transaction.objectStore(name)));
  } catch (error) {
    done.catch(() => {});
    try {
      transaction.abort();
    } catch {
      // It had ended by itself.
    }
    throw error;
  }
  await done;
  return result;
}

/** One fact by name; undefined when it is not known. */
export const fact = (name) => transact(["meta"], "readonly", (meta) => asked(meta.get(name)));

/** Keep one fact. */
export const keepFact = (name, value) => transact(["meta"], "readwrite", (meta) => asked(meta.put(value, name)));

/** Erase everything that this phone keeps. */
export async function eraseEverything() {
  (await open()).close();
  opening = null;
  await new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(NAME);
    request.onsuccess = resolve;
    request.onerror = () => reject(request.error);
  });
}
