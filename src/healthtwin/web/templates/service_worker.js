"use strict";
// Keeps this release of the app's shell on the phone, so that it opens without a network. What the house says is
// not kept here: the app keeps it itself, with its age (static/app/kept.js).

const RELEASE = "healthtwin-{{ fingerprint }}";
const SHELL = "/app";
const MANIFEST = "/app/manifest.webmanifest";
const FILES = {{ app_urls | inert_json }};

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(RELEASE);
    await cache.addAll([SHELL, MANIFEST].map((path) => new Request(path, { cache: "reload" })));
    await cache.addAll(FILES);
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("healthtwin-") && name !== RELEASE) await caches.delete(name);
    await self.clients.claim();
  })());
});

// A new release waits until the person takes it (or no page is open): pages keep the files that belong together.
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  const kept = event.request.mode === "navigate" && (url.pathname === SHELL || url.pathname.startsWith(`${SHELL}/`)) ? SHELL
    : url.pathname.startsWith("/static/") || url.pathname === MANIFEST ? url.pathname : null;
  if (kept === null) return;
  event.respondWith((async () => (await (await caches.open(RELEASE)).match(kept)) ?? fetch(event.request))());
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil((async () => {
    const [open] = await self.clients.matchAll({ type: "window" });
    return open ? open.focus() : self.clients.openWindow(event.notification.data?.path ?? SHELL);
  })());
});
