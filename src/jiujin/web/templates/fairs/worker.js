{% load static django_htmx %}// Answers for the server at /fairs/ when there is no network: the record pages that were opened, their style and scripts.
"use strict";

const KEPT = "jiujin-fairs-{{ edition }}";
const PAGE = /^\/fairs\/\d+\/record\/$/;
const PARTS = [
  "{% static 'jiujin/tokens.css' %}",
  "{% static 'jiujin/components.css' %}",
  "{% static 'jiujin/desk.css' %}",
  "{% static 'jiujin/fairs.css' %}",
  "{% static 'jiujin/mark.svg' %}",
  "{% static 'jiujin/page.js' %}",
  "{% static 'jiujin/queue.js' %}",
  "{% static 'jiujin/fairs.js' %}",
];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(PARTS)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const stale = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("jiujin-fairs-") && name !== KEPT).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(stale());
});

// The page that has just been opened asks to be kept: it was loaded before this script stood. It is told once it is.
self.addEventListener("message", (event) => {
  if (PAGE.test(new URL(event.data).pathname)) event.waitUntil(keep(event.data, event.source));
});

async function keep(address, page) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  await (await caches.open(KEPT)).put(address, answer);
  page.postMessage("kept");
}

async function fromNetworkOrKept(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  const { pathname } = new URL(event.request.url);
  if ((event.request.mode === "navigate" && PAGE.test(pathname)) || PARTS.includes(pathname)) event.respondWith(fromNetworkOrKept(event.request));
});
