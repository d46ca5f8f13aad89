"use strict";
// Takes over at once, so that a new release shows with the next page.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
