{% load static django_htmx %}// Answers for the server at /desk/ when there is no network: one page, the style and the scripts it needs. Nothing of a person.
"use strict";

const KEPT = "jiujin-desk-{{ edition }}";
const PAGE = "{% url 'desk:offline' %}";
const PARTS = [
  "{% static 'jiujin/tokens.css' %}",
  "{% static 'jiujin/components.css' %}",
  "{% static 'jiujin/desk.css' %}",
  "{% static 'jiujin/mark.svg' %}",
  "{% static 'jiujin/page.js' %}",
  "{% static 'jiujin/desk.js' %}",
  "{% static 'jiujin/queue.js' %}",
  "{% static 'jiujin/offline.js' %}",
];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll([PAGE, ...PARTS])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const stale = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("jiujin-desk-") && name !== KEPT).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(stale());
});

async function fromNetworkOrKept(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(request.mode === "navigate" ? PAGE : request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  const { pathname } = new URL(event.request.url);
  if (event.request.mode === "navigate" || PARTS.includes(pathname)) event.respondWith(fromNetworkOrKept(event.request));
});
