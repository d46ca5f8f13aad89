// Signing out of a browser that others may use: nothing that was seen, typed or asked for stays in it.

import { OWED, ask } from "./ask.js";

const KEPT = "healthtwin";

/** Empty this browser: what was kept, caches, drafts, and the address that pushes come to. */
export async function empty() {
  for (const store of [globalThis.sessionStorage, globalThis.localStorage]) store?.clear();
  const steps = [emptyDatabases(), emptyCaches(), endPushes()];
  await Promise.allSettled(steps);
}

async function emptyCaches() {
  for (const name of await globalThis.caches?.keys() ?? []) await caches.delete(name);
}

async function endPushes() {
  for (const worker of await navigator.serviceWorker?.getRegistrations() ?? []) {
    await (await worker.pushManager?.getSubscription())?.unsubscribe();
    await worker.unregister();
  }
}

async function emptyDatabases() {
  for (const { name } of await indexedDB.databases?.() ?? []) {
    if (name === KEPT && await waiting()) continue;
    await new Promise((done) => {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = request.onerror = request.onblocked = done;
    });
  }
}

/** Readings that a phone took and has not sent yet belong to whom it measured: they wait, all else of it goes. */
function waiting() {
  return new Promise((resolve) => {
    const request = indexedDB.open(KEPT);
    request.onerror = () => resolve(false);
    request.onsuccess = () => {
      const database = request.result;
      const stores = [...database.objectStoreNames];
      if (!stores.includes("queue")) {
        database.close();
        resolve(false);
        return;
      }
      const change = database.transaction(stores, "readwrite");
      const count = change.objectStore("queue").count();
      for (const store of stores) if (store !== "queue") change.objectStore(store).clear();
      change.oncomplete = change.onabort = () => {
        database.close();
        resolve(count.result > 0);
      };
    };
  });
}

/** Sign out and go to `then`: here at once, at the house now or, when nobody answers, as soon as somebody does. */
export async function leave(then = "/sign-in") {
  let told = true;
  try {
    await ask("/sign-out", { method: "POST" });
  } catch (error) {
    if (error.status && error.status !== 401) throw error;
    told = Boolean(error.status);
  }
  await empty();
  try {
    if (!told) localStorage.setItem(OWED, "yes");
  } catch {
    // A browser that keeps nothing: its session ends by itself.
  }
  // Whoever presses "back" sees nothing: also what the browser itself remembers of this page is empty.
  document.body.replaceChildren();
  location.replace(then);
}
