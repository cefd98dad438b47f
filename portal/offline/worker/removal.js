// Served in place of the worker where the practice has turned copies off: it removes them, and then itself.

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("kept"));
  await Promise.all(names.map((name) => caches.delete(name)));
  await self.registration.unregister();
})()));
