// 手机里的一份：页面（field.js）和后台脚本（field-worker.js）共用。
// 没有回执的内容都在 IndexedDB 里，用服务器给本人的钥匙加密（AES-GCM）；退出登录就是忘掉钥匙，内容还在，谁也打不开。
"use strict";
const Field = (() => {
  const PAGES = "field-pages"; // 存页面的缓存；页面的样式和脚本在 field-shell-…，由后台脚本管
  const STATE = "/field/outbox/state/";
  const GONE = 72 * 3600 * 1000;
  const WAITING = "waiting", HELD = "held", REFUSED = "refused", SENT = "sent";
  const REFRESH_EVERY = 60 * 1000;

  // 早年的浏览器缺一样，就一样也不存：表单照常提交。
  const able = Boolean(
    self.isSecureContext && self.indexedDB && self.crypto && crypto.subtle && crypto.randomUUID && "timeout" in AbortSignal && [].findLast,
  );

  // --- 库 -----------------------------------------------------------------------------------------------------------
  let opened = null;
  function base() {
    opened ??= new Promise((resolve, reject) => {
      const asked = indexedDB.open("field", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("items", { keyPath: "seq", autoIncrement: true });
        asked.result.createObjectStore("files", { keyPath: "seq" });
        asked.result.createObjectStore("meta");
      };
      asked.onsuccess = () => {
        asked.result.onclose = asked.result.onversionchange = () => {
          asked.result.close();
          opened = null;
        };
        resolve(asked.result);
      };
      asked.onerror = () => {
        opened = null;
        reject(asked.error);
      };
    });
    return opened;
  }

  // 一笔事务；写完落盘才算数。
  async function transact(names, mode, work) {
    const db = await base();
    return new Promise((resolve, reject) => {
      const transaction = db.transaction(names, mode, { durability: "strict" });
      const stores = Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)]));
      let result;
      transaction.oncomplete = () => resolve(result && "result" in result ? result.result : undefined);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
      result = work(stores);
    });
  }
  const get = (name) => transact(["meta"], "readonly", ({ meta }) => meta.get(name));
  const set = (name, value) => transact(["meta"], "readwrite", ({ meta }) => meta.put(value, name));
  const forget = (...names) =>
    transact(["meta"], "readwrite", ({ meta }) => names.map((name) => meta.delete(name)).at(-1));
  const rows = () => transact(["items"], "readonly", ({ items }) => items.getAll());

  // --- 加密 ---------------------------------------------------------------------------------------------------------
  async function seal(key, bytes) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
  }
  const unseal = (key, { iv, data }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data);
  const importKey = (text) =>
    crypto.subtle.importKey(
      "raw",
      Uint8Array.from(atob(text), (c) => c.charCodeAt(0)),
      "AES-GCM",
      false,
      ["encrypt", "decrypt"],
    );

  // --- 一件一件 -----------------------------------------------------------------------------------------------------
  // 先存文字，再存文件；文件存不下，整件不存，由页面说明。
  // `slot`：同一处的回答；后一次替掉前一次还没有上传的。
  async function keep(item, files = []) {
    const before = item.slot ? (await mine()).filter((i) => i.slot === item.slot && i.state !== SENT) : [];
    const [owner, key] = [await get("owner"), await get("key")];
    if (!owner || !key) throw new Error("no key");
    const body = new TextEncoder().encode(JSON.stringify(item));
    const row = {
      id: crypto.randomUUID(),
      owner: owner.id,
      kind: item.kind,
      n: item.n || 1,
      state: item.held ? HELD : WAITING, // 还差一句话的，先存着不发
      body: await seal(key, body),
    };
    const kept = [];
    for (const file of files) {
      const blob = await seal(key, await file.blob.arrayBuffer());
      kept.push({ field: file.field, name: file.name, type: file.blob.type, ...blob });
    }
    await transact(["items", "files"], "readwrite", (stores) => {
      const added = stores.items.add(row);
      if (kept.length) added.onsuccess = () => stores.files.add({ seq: added.result, kept });
      for (const { seq } of before) {
        stores.items.delete(seq);
        stores.files.delete(seq);
      }
      return added;
    });
    tell();
    return row.id;
  }

  // 本人的全部，连内容；不是本人的、钥匙不在的，一件也读不出来。
  async function mine() {
    const [owner, key] = [await get("owner"), await get("key")];
    if (!owner || !key) return [];
    const found = [];
    for (const row of await rows()) {
      if (row.owner !== owner.id) continue;
      try {
        const item = JSON.parse(new TextDecoder().decode(await unseal(key, row.body)));
        const answer = row.answer ? JSON.parse(new TextDecoder().decode(await unseal(key, row.answer))) : {};
        found.push({ ...item, seq: row.seq, id: row.id, kind: row.kind, state: row.state, answer });
      } catch {
        found.push({ broken: true, seq: row.seq, id: row.id, kind: row.kind, state: row.state, fields: [] });
      }
    }
    return found;
  }

  async function filesOf(seq) {
    const key = await get("key");
    const found = await transact(["files"], "readonly", ({ files }) => files.get(seq));
    return Promise.all(
      (found ? found.kept : []).map(async (f) => ({
        field: f.field,
        name: f.name,
        blob: new Blob([await unseal(key, f)], { type: f.type }),
      })),
    );
  }

  const change = (seq, changes) =>
    transact(["items", "files"], "readwrite", ({ items, files }) => {
      const read = items.get(seq);
      read.onsuccess = () => {
        if (!read.result) return;
        items.put({ ...read.result, ...changes });
        if (changes.state === SENT) files.delete(seq);
      };
    });
  const answered = async (seq, state, answer) =>
    change(seq, { state, answer: await seal(await get("key"), new TextEncoder().encode(JSON.stringify(answer))) });
  const drop = (seq) =>
    transact(["items", "files"], "readwrite", ({ items, files }) => {
      items.delete(seq);
      files.delete(seq);
    });

  // 没有上传的，按人数：[{id, name, n, kinds}]；不用钥匙也数得出来。
  async function unsent() {
    const people = (await get("people")) || {};
    const found = new Map();
    for (const row of await rows()) {
      if (row.state === SENT) continue;
      const one = found.get(row.owner) || { id: row.owner, name: people[row.owner] || "", n: 0, kinds: {} };
      one.n += row.n;
      one.kinds[row.kind] = (one.kinds[row.kind] || 0) + row.n;
      found.set(row.owner, one);
    }
    return [...found.values()];
  }

  // --- 和服务器说话 -------------------------------------------------------------------------------------------------
  const locked = (name, work) => (self.navigator.locks ? navigator.locks.request(name, work) : work());
  const channel = "BroadcastChannel" in self ? new BroadcastChannel("field") : null;
  let listener = () => {};
  const tell = (word = "changed") => {
    if (channel) channel.postMessage(word);
    listener(word);
  };
  const listen = (heard) => {
    listener = heard;
    if (channel) channel.onmessage = (event) => heard(event.data);
  };

  // 问服务器是谁登录着。答案：状态，或 "offline"、"signed_out"、"other"（登录的人不做现场检查）。
  async function greet() {
    const device = (await get("device")) || crypto.randomUUID();
    await set("device", device);
    let answer;
    try {
      const query = new URLSearchParams({ device, at: new Date().toISOString() });
      answer = await fetch(`${STATE}?${query}`, {
        redirect: "manual",
        cache: "no-store",
        signal: AbortSignal.timeout(15000),
      });
    } catch {
      return "offline";
    }
    if (answer.type === "opaqueredirect" || answer.status === 401) {
      await forget("leaving");
      return "signed_out";
    }
    if (answer.status === 403) return "other";
    let state;
    try {
      state = await answer.json();
    } catch {
      return "offline"; // 不是我们的服务器，例如要先登录的无线网
    }
    if (await get("leaving")) return (await leaveServer(state.token)) ? "signed_out" : "offline";
    const owner = await get("owner");
    if (owner && owner.id !== state.user) await lock();
    const people = { ...((await get("people")) || {}), [state.user]: state.name };
    await set("people", people);
    await set("owner", { id: state.user, name: state.name });
    if (state.key) await set("key", await importKey(state.key));
    await set("seen", Date.now());
    await set("clock", state.clock);
    await set("received", state.received);
    await set("differs", state.differs);
    known = { state, at: Date.now() };
    return state;
  }
  let known = null; // 一分钟里接着发，不再问
  const still = () => (known && Date.now() - known.at < 60 * 1000 ? known.state : greet());

  async function post(item, token) {
    const files = await filesOf(item.seq);
    const body = files.length ? new FormData() : new URLSearchParams();
    for (const [name, value] of item.fields) body.append(name, value);
    for (const file of files) body.append(file.field, file.blob, file.name);
    try {
      const answer = await fetch(item.path, {
        method: "POST",
        body,
        redirect: "manual",
        signal: AbortSignal.timeout(files.length ? 120000 : 30000),
        headers: {
          "X-CSRFToken": token,
          "X-Outbox-Id": item.id,
          "X-Outbox-At": item.at,
          "X-Outbox-Sent": new Date().toISOString(),
        },
      });
      return await answer.json();
    } catch {
      return { state: "later" }; // 也许服务器已经收到：同一个编号再发，不会办两次
    }
  }

  // 一件接一件地发，先答案后照片；只有一个窗口或后台脚本在发。返回最后的情形。
  async function send() {
    let state = await still();
    if (typeof state === "string") return state;
    let again = 0;
    for (;;) {
      const waiting = (await mine()).filter((item) => item.state === WAITING && !item.broken);
      const item = waiting.find((i) => i.kind !== "photo") || waiting[0];
      if (!item) return state;
      const answer = await post(item, state.token);
      if (answer.state === "taken") {
        await change(item.seq, { id: crypto.randomUUID() });
      } else if (answer.id === item.id && answer.state === "refused") {
        await answered(item.seq, REFUSED, answer);
      } else if (answer.id === item.id && ["kept", "differs", "aside"].includes(answer.state)) {
        await answered(item.seq, SENT, answer);
        await set("next", { id: item.id, next: answer.next });
        await set("received", ((await get("received")) || 0) + 1);
      } else if (answer.state === "again" && !again++) {
        state = await greet();
        if (typeof state === "string") return state;
        continue;
      } else {
        return answer.state === "signed_out" ? "signed_out" : "offline";
      }
      again = 0;
      tell();
    }
  }

  async function sync() {
    const state = await locked("field-send", send);
    await set("last", typeof state === "string" ? state : "online");
    tell();
    return state;
  }

  // 发完以后，把变了的页面重新存一遍；已经有回执的，等页面里看得到了才从手机里删除。
  // `whole`：全部任务的页面（打开我的检查时）；否则一分钟最多一次，只有刚答的那一页马上更新。
  function renew(whole = false) {
    return locked("field-renew", async () => {
      const sent = (await mine()).filter((item) => item.state === SENT);
      const due = whole || Date.now() - ((await get("refreshed")) || 0) > REFRESH_EVERY;
      if (!due && !sent.length) return;
      const state = await greet();
      if (typeof state === "string") return;
      await refresh(state.pages, due ? null : new Set(sent.map((item) => item.page)));
      for (const item of sent) if (await isFresh(item.page, state.pages)) await drop(item.seq);
      tell();
    });
  }

  // --- 页面 ---------------------------------------------------------------------------------------------------------
  async function isFresh(page, wanted) {
    const stamps = (await get("stamps")) || {};
    return !(page in wanted) || stamps[page] === wanted[page];
  }

  async function refresh(wanted, only) {
    const cache = await caches.open(PAGES);
    const stamps = Object.fromEntries(Object.entries((await get("stamps")) || {}).filter(([path]) => path in wanted));
    for (const request of await cache.keys()) {
      if (!(new URL(request.url).pathname in wanted)) await cache.delete(request);
    }
    for (const [path, stamp] of Object.entries(wanted)) {
      if (stamps[path] === stamp || (only && !only.has(path))) continue;
      try {
        const answer = await fetch(path, { redirect: "manual", headers: { "X-Outbox-Fetch": "1" } });
        if (answer.status >= 500) continue;
        if (answer.ok) await cache.put(path, answer);
        else await cache.delete(path); // 现在没有这一页
      } catch {
        return;
      }
      stamps[path] = stamp;
      await set("stamps", stamps);
    }
    if (!only) await set("refreshed", Date.now());
  }

  // 刚打开的页面就是最新的一份。
  async function remember(path, answer) {
    const stamps = (await get("stamps")) || {};
    if (path in stamps) await (await caches.open(PAGES)).put(path, answer);
  }

  // --- 清除 ---------------------------------------------------------------------------------------------------------
  // 忘掉钥匙和所有写着企业的东西；没有上传的照样在，锁着。
  async function lock() {
    known = null;
    await forget("key", "owner", "stamps", "seen", "refreshed", "received", "last", "clock", "next", "differs");
    if (self.caches) await caches.delete(PAGES);
    for (const row of await rows()) if (row.state === SENT) await drop(row.seq);
    tell("locked");
  }

  async function expire() {
    const seen = await get("seen");
    if (seen && Date.now() - seen > GONE) await lock();
  }

  async function leaveServer(token) {
    try {
      const body = new URLSearchParams({ csrfmiddlewaretoken: token, form_key: crypto.randomUUID() });
      await fetch("/desk/logout/", { method: "POST", body, redirect: "manual", headers: { "X-CSRFToken": token } });
      await forget("leaving");
      return true;
    } catch {
      return false; // 没有网络：下一次连上时先退出
    }
  }

  // 退出登录：先清手机，再告诉服务器；没有网络也退得出去。
  async function leave() {
    await set("leaving", true);
    await set("left", Date.now());
    await lock();
    await greet();
  }

  return {
    able, PAGES, WAITING, HELD, REFUSED, SENT,
    base, get, set, keep, mine, filesOf, change, drop, unsent, sync, renew, greet, remember, lock, expire, leave, listen,
  };
})();
