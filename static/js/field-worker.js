// 没有网络时替这些页面回答。前面一行 GIVEN 由服务器写：version、shell（换新时先取全的文件）。
"use strict";
importScripts(GIVEN.shell.find((path) => path.includes("/field-store.")));
const SHELL = `field-shell-${GIVEN.version}`;
const PATIENCE = 4000; // 有存着的一份时，等网络最多这么久

// 新的一版先把文件取全，取不全就不换；页面存在另一处，换版时不动。
self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(SHELL);
      await cache.addAll(GIVEN.shell.map((path) => new Request(path, { cache: "reload", credentials: "omit" })));
      await self.skipWaiting();
    })(),
  );
});
self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("field-shell-") && name !== SHELL) await caches.delete(name);
      }
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== self.location.origin || event.request.method !== "GET") return;
  if (event.request.mode === "navigate" && url.pathname.startsWith("/field/")) event.respondWith(page(event.request, url));
  else if (url.pathname.startsWith("/static/")) event.respondWith(asset(event.request));
});

async function page(request, url) {
  await Field.expire();
  if (await Field.get("leaving")) await Field.greet(); // 没有网络时退出过的，先真正退出
  const leaving = await Field.get("leaving");
  const cache = await caches.open(Field.PAGES);
  const kept = leaving ? undefined : await cache.match(url.pathname);
  try {
    const answer = await fetch(request, kept ? { signal: AbortSignal.timeout(PATIENCE) } : {});
    if (kept && answer.status >= 502) return kept;
    if (answer.ok && !answer.redirected) {
      const copy = answer.clone();
      await Field.remember(url.pathname, copy);
    }
    return answer;
  } catch {
    return kept || (await shell(url.pathname)) || (await shell(leaving ? "/field/signed-out/" : "/field/unkept/"));
  }
}

const shell = async (path) => (await caches.open(SHELL)).match(path);

async function asset(request) {
  return (await (await caches.open(SHELL)).match(request, { ignoreSearch: true })) || fetch(request);
}

self.addEventListener("message", (event) => event.waitUntil(Field.renew(event.data === "whole")));
self.addEventListener("sync", (event) => {
  if (event.tag !== "field") return;
  event.waitUntil(
    Field.sync().then((state) => {
      if (state === "offline") throw new Error("later"); // 浏览器过一会儿再叫
      return Field.renew(true);
    }),
  );
});
