// 手机里的一份：页面（field.js）和后台脚本（field-worker.js）共用。
// 没有回执的内容都在 IndexedDB 里，用服务器给本人的钥匙加密（AES-GCM）；退出登录就是忘掉钥匙，内容还在，谁也打不开。
"use strict";
const Field = (() => {
  const PAGES = "field-pages"; // 存页面的缓存；页面的样式和脚本在 field-shell-…，由后台脚本管
  const STATE = "/field/outbox/state/";
  const GONE = 72 * 3600 * 1000;
  const WAITING = "waiting", REFUSED = "refused", SENT = "sent", DRAFT = "draft";
  const REFRESH_EVERY = 60 * 1000;
  const PHOTO = 700_000; // 缩小以后一张照片大约这么大
  const SPARES = 12;
  const PIECE = 2 ** 22; // 文件一块一块加密、存、取：60 MB 的视频也不整个放进内存
  const BEGINS = /\/(arrive|code)\/$/; // 登记到场，出示证件、送达：别的都等它们，它们不等答案
  const TRIES = 3; // 服务器三次没有收的一件先放一放，后面的接着发

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
  const note = (name, value) => set(name, value).catch(() => {}); // 存满了也要发得出去：记不下的，下次再记
  const forget = (...names) =>
    transact(["meta"], "readwrite", ({ meta }) => names.map((name) => meta.delete(name)).at(-1));
  const rows = () => transact(["items"], "readonly", ({ items }) => items.getAll());

  // --- 加密 ---------------------------------------------------------------------------------------------------------
  async function seal(key, bytes) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
  }
  const sealed = (key, value) => seal(key, new TextEncoder().encode(JSON.stringify(value)));
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
  // 先存文件的每一块，最后存这一件；存不下，整件不存，由页面说明。
  // `slot`：同一处的回答；后一次替掉前一次还没有上传的。`form`：哪张表单，它写了一半的一份由这一件接替。
  // `ends`：没有传上去的哪一处，由这一件了结（记不下拒签的，后来签了名）。
  // `until`：到这时候再发，照片等一等位置（`amend`）。
  const keep = (item, files = []) => (files.length ? locked("field-keep", () => keepOne(item, files)) : keepOne(item, files));
  async function keepOne(item, files) {
    const replaced = (i) =>
      (i.slot && i.slot === item.slot && i.state !== SENT) ||
      (i.state === DRAFT && i.form && i.form === item.form) ||
      (i.state === REFUSED && i.path && i.path === item.ends);
    const [all, owner, key] = await Promise.all([mine(), get("owner"), get("key")]);
    const before = all.filter(replaced);
    if (!owner || !key) throw new Error("no key");
    const heap = files.length ? crypto.randomUUID() : "";
    const told = files.map(({ field, name, blob }) => ({ field, name, type: blob.type, pieces: Math.ceil(blob.size / PIECE) }));
    const row = {
      id: crypto.randomUUID(),
      owner: owner.id,
      kind: item.kind,
      n: item.n || 1,
      state: item.draft ? DRAFT : WAITING, // 写了一半的，先存着不发
      body: await sealed(key, { ...item, files: told }),
      heap,
      until: item.until || 0,
    };
    try {
      for (const [n, { blob }] of files.entries()) {
        for (let piece = 0; piece < told[n].pieces; piece++) {
          const part = await seal(key, await blob.slice(piece * PIECE, (piece + 1) * PIECE).arrayBuffer());
          await fitting(1, () => transact(["files"], "readwrite", (stores) => stores.files.add({ seq: [heap, n, piece], ...part })));
        }
      }
      await fitting(heap ? 1 : 0, () =>
        transact(["items", "files"], "readwrite", (stores) => {
          for (const one of before) clear(stores, one);
          return stores.items.add(row);
        }),
      );
    } catch (error) {
      if (heap) await transact(["files"], "readwrite", (stores) => stores.files.delete(allOf(heap)));
      throw error;
    }
    if (!item.draft) tell();
    return row.id;
  }

  const allOf = (heap) => IDBKeyRange.bound([heap], [heap, []]);
  function clear({ items, files }, { seq, heap }) {
    items.delete(seq);
    if (heap) files.delete(allOf(heap));
  }
  async function fitting(left, write) {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (error.name !== "QuotaExceededError" || !(await giveWay(left))) throw error;
      }
    }
  }
  // 存到一半断了的：没有哪一件要的块，清掉。
  async function tidy() {
    if (!navigator.locks) return;
    await locked("field-keep", async () => {
      const wanted = new Set((await rows()).map((row) => row.heap));
      const keys = await transact(["files"], "readonly", ({ files }) => files.getAllKeys(IDBKeyRange.lowerBound([])));
      const left = keys.filter(([heap]) => !wanted.has(heap));
      if (left.length) await transact(["files"], "readwrite", ({ files }) => left.map((key) => files.delete(key)).at(-1));
    });
  }

  // 位置后来才有：还没有发的，补进去；没有的，也不再等。
  async function amend(id, told) {
    const item = (await mine()).find((one) => one.id === id && one.state === WAITING);
    if (!item) return;
    const { answer, ...body } = read.get(item.seq).item;
    body.fields = body.fields.map(([name, value]) => [name, told[name] || value]);
    await change(item.seq, { body: await sealed(await get("key"), body), until: 0 });
  }

  // 浏览器不说还剩多少（Chrome 总说 10 GB），所以先占着 12 张照片的地方：存不下时一张一张让出来，也就知道快满了；
  // 最后一张的地方只让给答案和文字。
  const spares = () => transact(["files"], "readonly", ({ files }) => files.getAllKeys(IDBKeyRange.upperBound(-1)));
  async function giveWay(left) {
    const there = await spares();
    if (there.length <= left) return false;
    await transact(["files"], "readwrite", ({ files }) => files.delete(there[0]));
    return true;
  }
  // 补满；返回占着几张的地方。
  async function spare() {
    await tidy();
    const there = new Set(await spares());
    for (let n = 1; n <= SPARES; n++) {
      if (there.has(-n)) continue;
      const filler = new Uint8Array(PHOTO); // 压不小的
      for (let at = 0; at < PHOTO; at += 65536) crypto.getRandomValues(filler.subarray(at, at + 65536));
      try {
        await transact(["files"], "readwrite", ({ files }) => files.put({ seq: -n, filler }));
      } catch {
        break;
      }
      there.add(-n);
    }
    return there.size;
  }

  // 本人的全部，连内容；不是本人的、钥匙不在的，一件也读不出来。
  // 打开过的内容在这一页里记着：存了几百件时，不用每发一件都全部重新解密。
  const read = new Map();
  async function mine() {
    const [owner, key, kept] = await Promise.all([get("owner"), get("key"), rows()]);
    if (!owner || !key) {
      read.clear();
      return [];
    }
    const found = [];
    for (const row of kept) {
      if (row.owner !== owner.id) continue;
      const { seq, id, kind, state, tries = 0, heap, until, answer } = row;
      const stamp = `${id} ${state} ${tries} ${until} ${answer ? answer.iv : ""}`;
      if (!read.has(seq) || read.get(seq).stamp !== stamp) read.set(seq, { stamp, item: await unsealed(key, row) });
      found.push({ ...read.get(seq).item, seq, id, kind, state, tries, heap, until });
    }
    return found;
  }

  async function unsealed(key, { body, answer }) {
    const open = async (sealed) => JSON.parse(new TextDecoder().decode(await unseal(key, sealed)));
    try {
      return { ...(await open(body)), answer: answer ? await open(answer) : {} };
    } catch {
      return { broken: true, fields: [], answer: {} };
    }
  }

  async function filesOf({ heap, files = [] }) {
    const key = await get("key");
    const found = [];
    for (const [n, { field, name, type, pieces }] of files.entries()) {
      const parts = [];
      for (let piece = 0; piece < pieces; piece++) {
        const part = await transact(["files"], "readonly", (stores) => stores.files.get([heap, n, piece]));
        parts.push(new Blob([await unseal(key, part)]));
      }
      found.push({ field, name, blob: new Blob(parts, { type }) });
    }
    return found;
  }

  const change = (seq, changes) =>
    transact(["items", "files"], "readwrite", ({ items, files }) => {
      const read = items.get(seq);
      read.onsuccess = () => {
        if (!read.result) return;
        items.put({ ...read.result, ...changes });
        if (changes.state === SENT && read.result.heap) files.delete(allOf(read.result.heap));
      };
    });
  const answered = async (seq, state, answer, more = {}) =>
    change(seq, { ...more, state, answer: await sealed(await get("key"), answer) });
  // 有了回执；手机存满了记不下的，直接删除：服务器那里有。
  const done = (seq, answer) => answered(seq, SENT, answer).catch(() => drop(seq));
  const drop = (seq) =>
    transact(["items", "files"], "readwrite", (stores) => {
      const there = stores.items.get(seq);
      there.onsuccess = () => there.result && clear(stores, there.result);
    });

  // 没有上传的，按人数：[{id, name, n, kinds}]；不用钥匙也数得出来。
  async function unsent() {
    const people = (await get("people")) || {};
    const found = new Map();
    for (const row of await rows()) {
      if (row.state === SENT || row.state === DRAFT) continue;
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
    await note("device", device);
    let answer;
    const asked = Date.now();
    try {
      const query = new URLSearchParams({ device, at: new Date(asked).toISOString() });
      answer = await fetch(`${STATE}?${query}`, {
        redirect: "manual",
        cache: "no-store",
        signal: AbortSignal.timeout(15000),
      });
    } catch {
      return "offline";
    }
    const heard = Date.now();
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
    await note("people", people);
    await note("owner", { id: state.user, name: state.name });
    if (state.key) await note("key", await importKey(state.key));
    await note("seen", Date.now());
    await note("clock", state.clock);
    await note("fast", Math.round((asked + heard) / 2 - Date.parse(state.now))); // 手机的时间快多少
    await note("received", state.received);
    await note("differs", state.differs);
    known = { state, at: Date.now() };
    return state;
  }
  let known = null; // 一分钟里接着发，不再问
  const still = () => (known && Date.now() - known.at < 60 * 1000 ? known.state : greet());

  async function post(item, token) {
    let files;
    try {
      files = await filesOf(item);
    } catch {
      return { id: item.id, state: "refused", why: "手机里的这份文件打不开了，重新拍一份" };
    }
    const size = files.reduce((sum, file) => sum + file.blob.size, 0);
    const fast = await get("fast");
    const body = files.length ? new FormData() : new URLSearchParams();
    for (const [name, value] of item.fields) body.append(name, value);
    for (const file of files) body.append(file.field, file.blob, file.name);
    try {
      const answer = await fetch(item.path, {
        method: "POST",
        body,
        redirect: "manual",
        signal: AbortSignal.timeout(size ? 120000 + size / 125 : 30000), // 一秒 125 KB 的网络也传得完
        headers: {
          "X-CSRFToken": token,
          "X-Outbox-Id": item.id,
          "X-Outbox-At": item.at,
          "X-Outbox-Sent": new Date().toISOString(),
          "X-Outbox-Fast": Number.isFinite(fast) ? String(fast) : "",
        },
      });
      const said = answer.status >= 400 ? await answer.json().catch(() => ({ state: "later" })) : await answer.json();
      return said.state === "later" ? { why: `服务器暂时没有收（${answer.status}）`, ...said } : said;
    } catch (error) {
      // 也许服务器已经收到：同一个编号再发，不会办两次
      const slow = files.length && error && error.name === "TimeoutError";
      return slow ? { state: "later", why: "网络太慢，没有传完" } : { state: "unreached" };
    }
  }

  const begins = (item) => item.kind === "act" && BEGINS.test(item.path);

  // 提交等同一次检查的都发完，“提交前还能改”；照片最后。
  // `aside`：这一回放一放的。到场、送达、检查结果没有收的，同一次检查后面的都等；一项答案没有收的，只有办理和签名等；照片谁也不用等。
  function next(waiting, aside) {
    const others = (item) => waiting.some((one) => one !== item && one.no === item.no && one.kind !== "photo");
    const due = (item) => item.kind !== "photo" && !(item.path.endsWith("/submit/") && others(item));
    const holds = (one, item) =>
      one.no && one.no === item.no && one.seq < item.seq && one.kind !== "photo" &&
      (one.kind === "act" || (item.kind === "act" && !begins(item)) || item.kind === "signature");
    const put = waiting.filter((item) => aside.has(item.seq));
    const free = waiting.filter((item) => !aside.has(item.seq) && !put.some((one) => holds(one, item)));
    return free.find(due) || free.find((item) => item.kind === "photo") || (put.length ? undefined : free[0]);
  }

  // 一件接一件地发，先答案后照片；只有一个窗口或后台脚本在发。返回最后的情形。
  async function send() {
    let state = await still();
    if (typeof state === "string") return state;
    let again = 0;
    const aside = new Set();
    for (;;) {
      const waiting = (await mine()).filter((item) => item.state === WAITING && !item.broken && !(item.until > Date.now()));
      const item = next(waiting, aside);
      if (!item) return state;
      const answer = await post(item, state.token);
      if (answer.state === "taken") {
        await change(item.seq, { id: crypto.randomUUID() });
      } else if (answer.id === item.id && answer.state === "refused") {
        if (waiting.some((one) => one.seq > item.seq && one.ends === item.path)) await drop(item.seq); // 后来办的已经了结了它
        else await answered(item.seq, REFUSED, answer);
      } else if (answer.id === item.id && ["kept", "differs", "aside"].includes(answer.state)) {
        await done(item.seq, answer);
        await note("next", { id: item.id, next: answer.next });
        await note("received", ((await get("received")) || 0) + 1);
        if (begins(item)) for (const one of waiting) if (one.no === item.no) aside.delete(one.seq); // 等它的，现在可以发了
      } else if (answer.state === "again" && !again++) {
        state = await greet();
        if (typeof state === "string") return state;
        continue;
      } else if (answer.state === "unbegun") {
        const later = (one) => begins(one) && one !== item && !aside.has(one.seq); // 到场、送达也在这部手机里：先发它们
        for (const one of waiting.filter((one) => one.no === item.no && !later(one))) { // 还没有传上来：这次检查的都等，别的接着发
          await answered(one.seq, WAITING, answer).catch(() => {});
          aside.add(one.seq);
        }
      } else if (answer.state === "later") {
        const tries = item.tries + 1;
        await answered(item.seq, WAITING, answer, { tries }).catch(() => {});
        if (tries < TRIES) return "offline";
        aside.add(item.seq);
      } else {
        return answer.state === "signed_out" ? "signed_out" : "offline";
      }
      again = 0;
      tell();
    }
  }

  async function sync() {
    const state = await locked("field-send", send);
    await note("last", typeof state === "string" ? state : "online");
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
      // 到场、结果这些一办，这次检查别的页面也变了；答案只有自己那一页。
      const changed = ({ kind, no, page }) => (kind === "act" ? Object.keys(state.pages).filter((path) => path.startsWith(`/field/${no}/`)) : [page]);
      await refresh(state.pages, due ? null : new Set(sent.flatMap(changed)));
      for (const item of sent) if (await isFresh(item.page, state.pages)) await drop(item.seq);
      for (const item of await mine()) if (item.state === DRAFT && !(item.page in state.pages)) await drop(item.seq); // 这一页不再开着
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
      await note("stamps", stamps);
    }
    if (!only) await note("refreshed", Date.now());
  }

  // 刚打开的页面就是最新的一份。
  async function remember(path, answer) {
    const stamps = (await get("stamps")) || {};
    if (path in stamps) await (await caches.open(PAGES)).put(path, answer).catch(() => {}); // 存满了也照样打开
  }

  // --- 清除 ---------------------------------------------------------------------------------------------------------
  // 忘掉钥匙和所有写着企业的东西；没有上传的照样在，锁着。
  async function lock() {
    known = null;
    read.clear();
    await forget("key", "owner", "stamps", "seen", "refreshed", "received", "last", "clock", "next", "differs", "fast");
    if (self.caches) await caches.delete(PAGES);
    for (const row of await rows()) if (row.state === SENT) await drop(row.seq);
    tell("locked");
  }

  // 这一页在不在手机里。
  const has = async (path) => Boolean(await (await caches.open(PAGES)).match(path));

  async function expire() {
    const seen = await get("seen");
    const due = Boolean(seen) && Date.now() - seen > GONE;
    if (due) await lock();
    return due;
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
    await note("leaving", true);
    await note("left", Date.now());
    await lock();
    await greet();
  }

  return {
    able, PAGES, PHOTO, SPARES, WAITING, REFUSED, SENT, DRAFT,
    base, get, set, keep, spare, mine, filesOf, amend, change, drop, unsent, sync, renew, greet, has, remember, lock, expire, leave, listen,
  };
})();
