// 手机外勤的页面：一答就存在手机里，再一件一件上传；没有网络也能接着查。没有这个脚本时，表单照常提交。
"use strict";
(() => {
  const WORDS = { answer: "项答案", photo: "张照片", signature: "个签名", act: "项办理" };
  const here = location.pathname;
  const no = (/^\/field\/([\w-]*\d[\w-]*)\//.exec(here) || [])[1];
  const person = Number((document.querySelector("meta[name=person]") || {}).content) || 0;
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  let ready = false; // 存得住
  let readOnly = false;
  let plain = false;
  let situation = navigator.onLine ? "online" : "offline";

  const PLACE = 6000; // 照片最多等位置这么久；photo.js 自己最多等五秒
  let fast = 0; // 手机的时间比服务器快多少
  const now = () => Date.now() - fast;
  const local = (moment) => new Date(moment - new Date(moment).getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  const clock = (iso) => new Date(iso).toLocaleTimeString("zh-CN", { hour: "numeric", minute: "2-digit", hour12: false });
  const pathOf = (address) => new URL(address, location.href).pathname;
  const total = (kinds) => Object.values(kinds).reduce((sum, n) => sum + n, 0);
  const inWords = (kinds) =>
    Object.keys(WORDS)
      .filter((kind) => kinds[kind])
      .map((kind) => `${kinds[kind]} ${WORDS[kind]}`)
      .join("，");
  const node = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };
  const status = (state, words) => node("span", { class: `st st-${state}` }, node("span", {}, words));

  // --- 顶栏下面的话：每一句一条，同一句只说一次 -----------------------------------------------------------------------
  function say(name, title, text = "") {
    const place = document.querySelector("[data-device]");
    if (!place) return;
    let line = place.querySelector(`[data-says="${name}"]`);
    if (!title) {
      if (line) line.remove();
      return;
    }
    if (!line) place.append((line = node("div", { class: "off", "data-says": name })));
    const words = node("div", {}, node("b", {}, title), ...[text].flat());
    if (line.textContent !== words.textContent) line.replaceChildren(words);
  }

  // --- 存 -------------------------------------------------------------------------------------------------------------
  const LEFT_OUT = new Set(["csrfmiddlewaretoken", "form_key", "form_owner"]);

  let putting = Promise.resolve();
  const put = (item, entries) => (putting = putting.then(() => putOne(item, entries))); // 一件存完再存下一件，同一处的才替得掉
  async function putOne(item, entries) {
    const fields = [], files = [];
    for (const [name, value] of entries) {
      if (LEFT_OUT.has(name)) continue;
      if (typeof value === "string") fields.push([name, value]);
      else if (value.size) files.push({ field: name, name: value.name, blob: value }); // photo.js 已经缩小
    }
    const task = document.querySelector("meta[name=task]");
    const whole = { at: new Date().toISOString(), page: here, no, task: task ? task.content : "", ...item, fields };
    try {
      const id = await Field.keep(whole, files);
      if (item.draft) return id;
      say("full");
      if (files.length) room();
      await show();
      return id;
    } catch (error) {
      const full = error && error.name === "QuotaExceededError";
      const film = files.some(({ blob }) => blob.type.startsWith("video/"));
      if (full && film) say("full", "手机存不下，这段视频没有存上。", "连上网再传，或者先上传别的，拍短一点。");
      else if (full && item.kind === "photo") say("full", "手机存满了，这张照片没有存上。", "答案和文字还能存。");
      else say("full", full ? "手机存满了，这一件没有存上。" : "这一件没有存上。", "连上网后刷新这一页再答。");
      return null;
    }
  }

  // 一个检查点：答案和文字算一件。
  const entriesOf = (root) => {
    const found = [];
    for (const field of all("[name]", root)) {
      if (field.disabled || field.type === "file" || field.matches("button")) continue;
      if ((field.type === "radio" || field.type === "checkbox") && !field.checked) continue;
      found.push([field.name, field.value]);
    }
    return found;
  };
  // 一张表单一份，后按的替掉先按的；登记一件又一件的（采样、录像）各是各的。
  const slotOfForm = (form, path) => (form.dataset.outbox === "more" ? "" : path + (form.dataset.slot ? `#${form.dataset.slot}` : ""));
  const slotOf = (form, point) => `${pathOf(form.action)}#${point.dataset.point}`;

  async function keepPoint(point) {
    const form = point.closest("form");
    point.removeAttribute("data-typed");
    await begun;
    if (!ready || readOnly) return;
    const answer = point.querySelector("input:checked");
    if (!answer) return;
    const words = point.querySelector("textarea:not(:disabled)");
    await put(
      {
        kind: "answer",
        path: pathOf(form.action),
        slot: slotOf(form, point),
        what: `${point.dataset.what}　${point.querySelector("h2, h3, legend").textContent.trim()}`,
        note: answer.closest("label").textContent.trim() + (words && words.value.trim() ? "，文字 1 段" : ""),
      },
      entriesOf(point),
    );
    upload();
  }

  let keeping = 0; // 正在存的
  const hold = (work) => {
    keeping += 1;
    return work.finally(() => (keeping -= 1));
  };
  document.addEventListener("change", (event) => {
    if (overlaying) return;
    const point = event.target.closest("form[data-outbox] [data-point]");
    if (point && event.target.type !== "file") hold(keepPoint(point));
  });
  // 点了链接就走：正在存的、刚打的字，存完再走。
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    const leaves = link && !link.target && !link.hasAttribute("download") && pathOf(link.href) !== here;
    if (!leaves || event.ctrlKey || event.metaKey || event.shiftKey || !(keeping || half.size || document.querySelector("[data-typed]"))) return;
    event.preventDefault();
    await Promise.all([flush(), jotAll()]);
    while (keeping) await new Promise((later) => setTimeout(later, 20));
    location.assign(link.href);
  });
  let typing;
  document.addEventListener("input", (event) => {
    const point = event.target.matches("textarea, input[type=text]") && event.target.closest("form[data-outbox] [data-point]");
    if (!point) return;
    point.setAttribute("data-typed", "");
    clearTimeout(typing);
    typing = setTimeout(flush, 300);
  });
  const flush = () => hold(Promise.all(all("[data-typed]").map(keepPoint)));
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && (flush(), jotAll()));

  // 写了一半的：整张表单记一份，再打开时照样填上；按下去以后由那一件接替。
  const formKey = (form) => `${pathOf(form.action)}#${form.id}`;
  const keepsDraft = (form) => form.matches("form[data-outbox]") && !form.querySelector("[data-point]");
  const half = new Set();
  let jotting;
  function jot(event) {
    const form = event.target.form;
    if (overlaying || !form || event.target.type === "file" || !keepsDraft(form)) return;
    half.add(form);
    clearTimeout(jotting);
    jotting = setTimeout(jotAll, 300);
  }
  const jotAll = () => hold(jotEach());
  async function jotEach() {
    await begun;
    const forms = ready && !readOnly ? [...half] : [];
    half.clear();
    for (const form of forms) if (await put({ draft: true, kind: "draft", form: formKey(form) }, entriesOf(form))) show();
  }
  document.addEventListener("input", jot);
  document.addEventListener("change", jot);

  // 提交：先存，再发；有回执就照服务器说的走，没有网络就走到下一页。
  window.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!Field.able || plain || !form.matches("form[data-outbox]")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      submit(form, event.submitter, [...new FormData(form)]); // 现在填着的；照片一张接一张拍，一张也不能少
    },
    true,
  );

  async function submit(form, button, filled) {
    await begun;
    if (readOnly) return;
    if (!ready) {
      const told = (await form.benxiPlace) || {};
      for (const [name, value] of Object.entries(told)) form.elements[name].value = value;
      plain = true; // 存不住，就像没有这个脚本一样提交
      setTimeout(() => form.requestSubmit(button)); // 这一次提交的事件过去以后，浏览器才收下一次
      return;
    }
    const next = (button && button.dataset.next) || form.dataset.next || here;
    if (button && "rest" in button.dataset) return rest(form, button);
    if (all("[data-point]", form).length && !(button && "undo" in button.dataset)) {
      await flush(); // 每一点早已各自存了
      await putting;
      if (!/\/check\/\d+\/$/.test(next)) await arrived(); // 下一项由手机里的答案盖上，不用等
      return location.assign(next);
    }
    if (unsigned(form) || padsOpen(form)) return;
    const undo = button && "undo" in button.dataset;
    const entries = filled.filter(([name]) => !undo || name === "just");
    if (button && button.name) entries.push([button.name, button.value]);
    const file = entries.some(([, value]) => value instanceof File && value.size);
    const path = pathOf(button && button.hasAttribute("formaction") ? button.formAction : form.action);
    // 检查结果带的证明材料跟着检查结果走，不排在照片里。
    const kind = form.querySelector("[data-pad]") ? "signature" : file && form.elements.sha256 ? "photo" : "act";
    const place = form.benxiPlace; // 照片先存，位置后到（photo.js）
    if (kind !== "photo" && form.hasAttribute("data-busy")) return;
    form.setAttribute("data-busy", "");
    half.delete(form);
    const outcome = form.querySelector("[name=outcome]:checked"); // 核对记录的一页也要念给现场负责人听
    const item = {
      kind,
      path,
      what: (button && button.dataset.what) || form.dataset.what || document.title.split(" · ")[0],
      note: button ? button.textContent.trim() : "",
      chosen: outcome ? outcome.closest("label").querySelector("b").textContent : "",
      slot: kind === "photo" || undo ? "" : slotOfForm(form, path),
      form: formKey(form),
      ends: form.dataset.ends || "",
      until: place ? Date.now() + PLACE : 0,
    };
    const id = await put(item, entries);
    if (!id || kind === "photo") form.removeAttribute("data-busy");
    if (!id) return;
    if (kind === "photo") form.dispatchEvent(new CustomEvent("kept", { detail: entries.find(([name]) => name === "sha256")[1] }));
    const done = place ? place.then((told) => Field.amend(id, told)).then(() => upload()) : upload();
    if (kind === "photo" && !form.dataset.next) {
      form.reset();
      return; // 照片在后面慢慢传，人留在这一页
    }
    await Promise.race([done, new Promise((later) => setTimeout(later, 12000))]);
    const kept = (await Field.mine()).find((i) => i.id === id);
    if (kept && kept.state === Field.REFUSED) {
      form.removeAttribute("data-busy"); // 原因写在页面上，改了再按
      return;
    }
    await jotAll(); // 等的时候又写了别的（下一个人的签名），换页以前存下
    const last = (await Field.get("next")) || {}; // 有了回执的，照服务器说的走
    go((last.id === id && last.next) || (undo ? here : next));
  }
  // 没有签的，人还在的时候就说，不等上传了才知道。
  function unsigned(form) {
    const pad = form.querySelector("[data-pad]");
    const lacks = pad && pad.offsetParent && !form.elements.path.value && !all("[type=file]", form).some((field) => field.files.length);
    say("unsigned", lacks ? "还没有签名" : "", "在框里手写，再按一次。");
    if (lacks) pad.scrollIntoView({ block: "center" });
    return lacks;
  }
  // 签名是本人按“签好了”的一件事：写在框里还没有按的，不算签，提交以前就说是谁的。空着的也说；在另一台手机上签过的，再按一次。
  function padsOpen(form) {
    const here = pathOf(form.action);
    const open = all("form[data-ends]").filter(
      (one) => one !== form && pathOf(one.dataset.ends) === here && !("kept" in one.dataset) && one.querySelector("[data-pad]").offsetParent,
    );
    const names = (forms) => forms.map((one) => one.querySelector("[data-pad] span").textContent.trim()).join("、");
    const drawn = open.filter((one) => one.elements.path.value);
    const empty = open.filter((one) => !drawn.includes(one));
    if (!open.length || (!drawn.length && "told" in form.dataset)) return false;
    form.dataset.told = "";
    const text = [
      drawn.length ? `${names(drawn)}写在框里了，还没有按“签好了”。本人看过，按框下面的“签好了”才算签名。` : "",
      empty.length ? `${names(empty)}的框空着：在框里手写，再按“签好了”；已经在另一台手机上签了的，再按一次提交。` : "",
    ];
    say("unsigned", `还差${names(open)}的签名`, text.join(""));
    (drawn[0] || empty[0]).scrollIntoView({ block: "center" });
    return true;
  }
  // 服务器说了还不到时候的（没有出示证件等），不是正在上传：稍后自动再传。
  const early = (item) => Boolean(item.answer && item.answer.why);
  // 服务器要算的页面：有网络时，先等答案和办理都收到，最多四秒；照片和还不到时候的不等。
  async function arrived() {
    upload();
    for (const end = Date.now() + 4000; situation === "online" && Date.now() < end; ) {
      if (!(await Field.mine()).some((item) => item.state === Field.WAITING && item.kind !== "photo" && !early(item))) return;
      await new Promise((later) => setTimeout(later, 100));
    }
  }
  const go = (address) => (pathOf(address) === here ? location.replace(pathOf(address)) : location.assign(address));

  // 本项其余的点：一件，服务器收到时只记那时还没答的。
  const restWords = (n) => `本项其余 ${n} 点未发现问题`;
  // 答了一点就少一点；都答了，就没有其余。
  function countRest() {
    for (const place of all(".ph-rest")) {
      const left = all("[data-point]", place.closest("form")).filter((point) => !point.querySelector("input[type=radio]:checked")).length;
      place.hidden = !left;
      const said = place.querySelector("p");
      said.textContent = said.textContent.replace(/\d+(?= 点没答)/, left);
      place.querySelector("[data-rest]").textContent = restWords(left);
    }
  }
  async function rest(form, button) {
    await flush();
    const open = all("[data-point]", form).filter((point) => !point.querySelector("input:checked"));
    const shows = open.map((point) => point.querySelector("input[type=radio]")).map((radio) => [radio.name, radio.value]);
    const item = { kind: "answer", n: open.length, path: pathOf(form.action), shows, what: restWords(open.length) };
    const id = open.length && (await put({ ...item, note: "" }, [[button.name, button.value]]));
    if (!id) return;
    const undo = node("button", { class: "btn", type: "button" }, "撤销");
    const done = node("p", { class: "ph-done", id: "rest", role: "status" }, node("span", {}, `刚把 ${open.length} 点记为未发现问题`), undo);
    undo.addEventListener("click", async () => {
      const kept = (await Field.mine()).find((i) => i.id === id);
      if (kept && kept.state === Field.WAITING) await Field.drop(kept.seq);
      else await put({ ...item, shows: [], what: "撤销" }, [["go", "undo"], ...shows.map(([name]) => ["just", name.replace(/\D+/, "")])]);
      await upload();
      location.replace(here);
    });
    button.closest(".ph-rest").replaceWith(done);
    await overlay();
    await show();
    upload();
  }

  const opened = Date.now();
  function enlist() {
    if ("serviceWorker" in navigator) navigator.serviceWorker.register("/field/worker.js", { scope: "/field/" }).catch(() => {});
  }

  // --- 发 -------------------------------------------------------------------------------------------------------------
  let again;
  async function upload(whole = false) {
    clearTimeout(again);
    if (!ready) return;
    const state = await Field.sync();
    situation = typeof state === "string" ? state : "online";
    await show();
    const worker = navigator.serviceWorker && navigator.serviceWorker.controller;
    if (worker) worker.postMessage(whole ? "whole" : ""); // 页面关了它还接着存
    else await Field.renew(whole);
    if (!worker) enlist();
    const lacks = here === "/field/" && ((await Field.get("refreshed")) || 0) < opened; // 这次打开以后，还没有把全部任务存下来
    const waits = (await Field.mine()).filter((item) => item.state === Field.WAITING);
    const soon = waits.map((item) => item.until + 100 - Date.now()).filter((left) => left > 0); // 等着位置的照片
    if (["offline", "online"].includes(situation) && (waits.length || lacks)) {
      again = setTimeout(upload, Math.min(situation === "offline" || lacks ? 20000 : 60000, ...soon), lacks);
    }
    if (situation === "offline" && waits.length && "serviceWorker" in navigator) {
      const registered = await navigator.serviceWorker.getRegistration();
      if (registered && registered.sync) registered.sync.register("field").catch(() => {});
    }
  }

  // --- 显示 -----------------------------------------------------------------------------------------------------------
  function words(item) {
    if (item.state === Field.SENT) return status("ok", `已上传　${clock(item.answer.at)}`);
    if (item.state === Field.REFUSED) return status("bad", `没有传上去：${item.answer.why}`);
    if (item.answer.why) return status("warn", `${item.answer.why}。稍后自动再传　${clock(item.at)}`.replace("。。", "。"));
    if (situation === "online") return status("wait", `已存在手机，正在上传　${clock(item.at)}`);
    if ((item.path || "").endsWith("/submit/")) return status("warn", `已存在手机，连上网后自动提交。提交前还能改　${clock(item.at)}`);
    return status("warn", `已存在手机，等网络　${clock(item.at)}`);
  }

  const shown = new Map();
  let showing = Promise.resolve();
  let asked = false;
  // 一次画完再画下一次，旧的不会盖住新的；还没轮到画的，一次画就够
  const show = () => {
    if (!asked) showing = showing.then(draw, draw);
    asked = true;
    return showing;
  };
  async function draw() {
    asked = false;
    const items = ready ? await Field.mine() : [];
    const waiting = items.filter((item) => item.state === Field.WAITING);
    const many = waiting.reduce((sum, item) => sum + (item.n || 1), 0);
    const refused = items.filter((item) => item.state === Field.REFUSED);
    const kinds = {};
    for (const item of waiting) kinds[item.kind] = (kinds[item.kind] || 0) + (item.n || 1);
    const held = waiting.filter(early).reduce((sum, item) => sum + (item.n || 1), 0);
    chip(many, refused.length, held);
    for (const place of all("[data-saved]")) {
      const point = place.closest("[data-point]");
      const form = place.closest("form");
      if (form && form.dataset.outbox === "more") {
        const many = waiting.filter((i) => i.path === pathOf(form.action)).length;
        place.replaceChildren(...(many ? [status("warn", `${many} 件已存在手机，等上传`)] : []));
        continue;
      }
      const item = items.findLast(
        (i) => form && i.path === pathOf(form.action) && (point ? touches(i, point) : i.slot === slotOfForm(form, i.path)),
      );
      if (form && !point && items.some((i) => i.state === Field.DRAFT && i.form === formKey(form))) {
        place.replaceChildren(status("wait", "已存在手机，还没提交"));
        continue;
      }
      const before = shown.get(place);
      if (item) shown.set(place, item);
      if (item) place.replaceChildren(words(item));
      else if (before) place.replaceChildren(status("ok", `已上传　${clock(before.answer.at || Date.now())}`)); // 有了回执，刚删除
      if (!item) shown.delete(place);
    }
    FieldCounts.draw(items, situation);
    countRest();
    const left = many ? `${many} 件等上传：${inWords(kinds)}。都存在这台手机里，连上网后自动上传。` : "";
    if (here === "/field/") say("network", situation === "offline" ? "没有网络，可以接着查" : "", left);
    if (here === "/field/outbox/") await showOutbox(waiting, refused, kinds, many);
    const differs = ready && (await Field.get("differs"));
    const way = node("a", { class: "tap", href: "/field/conflicts/" }, "两个人商量后选一份");
    for (const line of ready ? all("[data-undecided]") : []) line.remove(); // 上面说着的，不说两遍
    say("differs", differs && here !== "/field/conflicts/" ? `${differs} 处两人答案不同。` : "", way);
    const told = refused.findLast((item) => item.page === here);
    const written = document.querySelector("main").innerText; // 不连这一句自己，不然说一次、收一次
    const mending = told && items.some((item) => item.state === Field.DRAFT && item.form === told.form); // 正在改的，说的是改以前
    const why = told && !mending && !written.includes(told.answer.why) ? told.answer.why : ""; // 下面写着的不再说
    say("refused", why ? "没有传上去" : "", why || "");
    const over = situation === "signed_out" && items.length;
    say("signed", over ? "登录超时，重新登录后接着上传，内容还在。" : "");
  }

  function chip(waiting, refused, held) {
    for (const link of all("[data-save-state]")) {
      const text = refused
        ? `${refused} 件没有传上去`
        : !waiting
          ? "全部已上传"
          : situation !== "online"
            ? `${waiting} 件等网络`
            : held
              ? `${held} 件还不能上传`
              : `${waiting} 件正在上传`;
      const amber = refused || held || (waiting && situation !== "online");
      const icon = link.querySelector("use");
      link.hidden = false;
      link.classList.toggle("wait", Boolean(amber));
      if (icon) icon.setAttribute("href", icon.getAttribute("href").replace(/#.*/, amber ? "#offline" : waiting ? "#upload" : "#check"));
      const place = link.querySelector("[data-save-words]") || link.lastChild;
      if (place.textContent !== text) place.textContent = text;
      link.dataset.saveState = refused ? "refused" : waiting ? "waiting" : "done";
    }
  }

  const touches = (item, point) =>
    [...item.fields, ...(item.shows || [])].some(([name]) => name === `answer_${point.dataset.point}`);

  // 手机里的答案盖在页面上：页面是早先存的，答案是后来的。
  let overlaying = false;
  async function overlay() {
    const items = await Field.mine();
    overlaying = true;
    for (const item of items) {
      const draft = item.state === Field.DRAFT;
      for (const form of all("form[data-outbox]")) {
        const its = item.form ? item.form === formKey(form) : pathOf(form.action) === item.path;
        if (form.dataset.outbox === "more" && !draft) continue;
        if (its && item.kind === "signature" && item.state !== Field.REFUSED) form.dataset.kept = ""; // 签过了，画出来
        if (its && item.kind !== "photo") fill(form, [...item.fields, ...(item.shows || [])], draft);
      }
    }
    overlaying = false;
    ending(items);
  }

  // 写了一半的连看不见的栏也照原样：同组后来写了什么，提交时才查得出。
  function fill(form, fields, draft) {
    if (draft) for (const box of all("[type=checkbox]", form)) box.checked = fields.some(([name, value]) => name === box.name && value === box.value);
    for (const [name, value] of fields) {
      for (const field of all(`[name="${CSS.escape(name)}"]`, form)) {
        if (field.matches("button, [type=file]") || (field.type === "hidden" && !draft && !["path", "picture"].includes(name))) continue;
        if (field.type !== "radio" && field.type !== "checkbox") field.value = value;
        else if (field.value === value) field.checked = true;
        else continue;
        const folded = field.closest("details");
        if (folded && value && field.type !== "hidden" && value !== field.defaultValue) folded.open = true;
        field.dispatchEvent(new Event("change", { bubbles: true })); // 选了才打开的那一段，照样打开
      }
    }
  }

  // 检查完毕：发现没发现问题，连手机里的答案一起算，决定能选哪些结果。
  function ending(items) {
    const found = new Set(all('.ph-list a[href*="#p"]').map((link) => link.hash.slice(2)));
    for (const item of items.filter((one) => one.no === no && one.answer.state !== "differs")) {
      for (const [name, value] of [...item.fields, ...(item.shows || [])]) {
        const point = (/^answer_(\d+)$/.exec(name) || [])[1];
        if (point) found[value === "FOUND" ? "add" : "delete"](point);
      }
    }
    for (const group of all("fieldset[data-when]")) group.hidden = group.disabled = (group.dataset.when === "found") !== found.size > 0;
  }

  async function showOutbox(waiting, refused, kinds, many) {
    const list = document.querySelector("[data-outbox-list]");
    if (!list) return;
    const pictures = new Map();
    for (const item of [...waiting, ...refused].filter((i) => i.kind === "photo" && i.files[0].type.startsWith("image/"))) {
      const [file] = await Field.filesOf(item).catch(() => []);
      if (file) pictures.set(item.seq, await dataAddress(file.blob));
    }
    const groups = new Map();
    for (const item of [...refused, ...waiting.filter((i) => i.kind !== "photo"), ...waiting.filter((i) => i.kind === "photo")]) {
      const name = item.task || "";
      groups.set(name, [...(groups.get(name) || []), item]);
    }
    document.querySelector("[data-outbox-title]").textContent = waiting.length
      ? `${many} 件等上传：${inWords(kinds)}`
      : refused.length
        ? `${refused.length} 件没有传上去`
        : "全部已上传，手机里没有等着的";
    list.replaceChildren(
      ...[...groups].flatMap(([name, found]) => [
        ...(name ? [node("p", { class: "sm mut mt3" }, name)] : []),
        node("ul", { class: "ph-list" }, ...found.map((item) => row(item, pictures.get(item.seq)))),
      ]),
    );
    const button = document.querySelector("[data-outbox-send]");
    button.hidden = !waiting.length;
    button.textContent = `现在上传 ${many} 件`;
    const received = (await Field.get("received")) || 0;
    document.querySelector("[data-outbox-received]").textContent = received
      ? `今天已上传 ${received} 项，手机收到了回执`
      : "今天还没有上传";
    document.querySelector("[data-outbox-clock]").textContent = (await Field.get("clock")) || "";
    const offline = situation === "offline" && (await Field.get("seen"));
    say("network", offline ? `没有网络，上次连网 ${clock(offline)}` : "", offline ? "连上网后自动上传，不用等在这一页。" : "");
  }

  const dataAddress = (blob) =>
    new Promise((done) => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result);
      reader.readAsDataURL(blob);
    });

  function row(item, picture) {
    const time = clock(item.at);
    const plainly = item.state === Field.WAITING && !item.answer.why && !(item.path || "").endsWith("/submit/");
    const state = plainly ? (situation === "online" ? status("wait", "正在上传") : status("warn", "等网络")) : words(item);
    const line = node("div", { class: "two" }, node("span", { class: "sm" }, `${item.note ? `${item.note}　` : ""}${time} 存`));
    const made = node("li", {}, node("b", {}, item.what || "打不开的内容"), line);
    (plainly ? line : made).append(state);
    if (picture) made.prepend(node("img", { src: picture, alt: item.what, width: 88, height: 88 }));
    if (item.state === Field.REFUSED) {
      const anew = node("button", { type: "button", class: "btn mt3" }, "再传一次");
      anew.addEventListener("click", async () => {
        await Field.change(item.seq, { state: Field.WAITING, id: crypto.randomUUID() });
        upload();
      });
      const open = node("a", { class: "tap", href: item.page }, "打开这一页，改了再答");
      made.append(open, anew, away(item));
    }
    return made;
  }

  // 去掉没有传上去的一件：写明原因，原因照样上传，记在操作记录里。
  function away(item) {
    const reason = node("input", { class: "in", type: "text", minlength: 4, maxlength: 200, required: "", id: `why-${item.seq}` });
    const form = node(
      "form",
      { class: "f mt3" },
      node("label", { for: `why-${item.seq}` }, "不要了，写明原因"),
      reason,
      node("button", { class: "btn mt2", type: "submit" }, "从清单里去掉"),
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const dropped = { kind: "act", path: "/field/outbox/drop/", what: `去掉：${item.what}`, note: reason.value };
      if (await put(dropped, [["receipt", item.id], ["what", item.what], ["reason", reason.value]])) {
        await Field.drop(item.seq);
        upload();
      }
    });
    return node("details", {}, node("summary", {}, "去掉"), form);
  }

  // --- 存得久不久、够不够 ----------------------------------------------------------------------------------------------
  async function room() {
    const storage = navigator.storage;
    if (!ready || !storage || !storage.persisted) return;
    const lasting = (await storage.persisted()) || (await storage.persist());
    const { quota = 0, usage = 0 } = await storage.estimate();
    const spare = await Field.spare();
    const photos = Math.max(0, Math.min(Math.floor((quota - usage) / Field.PHOTO), spare < Field.SPARES ? spare - 1 : Infinity));
    say("room", photos < 30 ? `手机快存满了，还可存约 ${photos} 张照片。` : "", "先上传，再拍。");
    const top = here === "/field/" || here === "/field/outbox/";
    if (!lasting && top) say("lasting", "浏览器没有答应长期保存。", "连上网后尽快上传，不要清理浏览器数据。");
    const line = document.querySelector("[data-outbox-room]");
    if (line) line.textContent = `${lasting ? "浏览器答应长期保存，" : ""}${photos > 9999 ? "照片还存得下" : `还可存约 ${photos} 张照片`}`;
  }

  // --- 一次检查只在一个窗口里答 ----------------------------------------------------------------------------------------
  function oneWindow() {
    if (!no || !navigator.locks || !document.querySelector("form[data-outbox]")) return Promise.resolve();
    return new Promise((settled) => {
      const waits = setTimeout(() => {
        readOnly = true;
        say("window", "这次检查已在另一个窗口打开。", "在那边接着答，这里只能看。");
        for (const form of all("form[data-outbox]")) for (const field of form.elements) field.disabled = true;
        settled();
      }, 1500);
      navigator.locks.request(`field-check-${no}`, () => {
        clearTimeout(waits);
        if (readOnly) location.reload();
        settled();
        return new Promise(() => {}); // 一直占到这一页关掉
      });
    });
  }

  // 给 field-guard.js 看的一个字：谁的，还是正在退出。
  function remember(word) {
    try {
      if (word) localStorage.setItem("field", word);
      else localStorage.removeItem("field");
    } catch {
      // 没有也行：换人时由下一次打开外勤来清
    }
  }

  // --- 退出登录 --------------------------------------------------------------------------------------------------------
  async function signOut() {
    const mine = (await Field.unsent()).find((one) => one.id === person) || { n: 0, kinds: {} };
    const leave = async () => {
      remember("leaving");
      await Field.leave();
      if (!(await Field.get("leaving"))) remember("");
      location.replace("/field/signed-out/");
    };
    if (!mine.n) return leave();
    for (const place of all("[data-unsent]")) place.textContent = `${mine.n} 件没有上传：${inWords(mine.kinds)}`;
    for (const place of all("[data-unsent-kinds]")) place.textContent = inWords(mine.kinds);
    document.querySelector("[data-offline]").hidden = situation !== "offline";
    document.querySelector("[data-sign-out]").hidden = false;
    document.querySelector("[data-leave]").addEventListener("click", leave);
    return undefined;
  }

  async function signedOut() {
    const people = await Field.unsent();
    const left = await Field.get("left");
    if (left) document.querySelector("[data-left]").textContent = `${new Date(left).toLocaleString("zh-CN", { month: "long", day: "numeric", hour: "numeric", minute: "2-digit", hour12: false })} 退出登录`;
    document.querySelector("[data-nothing]").hidden = people.length > 0;
    document.querySelector("[data-something]").hidden = !people.length;
    if (!people.length) return;
    const kinds = {};
    for (const one of people) for (const [kind, n] of Object.entries(one.kinds)) kinds[kind] = (kinds[kind] || 0) + n;
    const names = people.map((one) => one.name).join("、");
    document.querySelector("[data-unsent]").textContent = `还有 ${total(kinds)} 件没有上传：${inWords(kinds)}`;
    document.querySelector("[data-whose]").textContent = `${names}再用这台手机登录，就会自动上传。别人登录看不到，也打不开。`;
    document.querySelector("[data-sign-in]").textContent = `登录，上传这 ${total(kinds)} 件`;
  }

  async function others() {
    const theirs = (await Field.unsent()).filter((one) => one.id !== person);
    const top = here === "/field/" || here === "/field/outbox/";
    if (theirs.length && top && person) {
      const words = theirs.map((one) => `${one.name}没有上传的 ${one.n} 件`).join("、");
      say("others", `这台手机里有${words}，加密保存，只有本人登录才能上传`);
    }
  }

  // --- 开始 -----------------------------------------------------------------------------------------------------------
  async function begin() {
    if (!window.isSecureContext) {
      say("https", "这个网址不是 https，没有网络时存不住。", "有网络再答，或改用纸质检查表。");
      return undefined;
    }
    if (!Field.able) {
      say("store", "这个浏览器太旧，没有网络时存不住。", "更新浏览器；有网络时照常答。");
      return undefined;
    }
    try {
      await Field.base();
    } catch {
      say("store", "这个窗口不能保存，换普通窗口打开。");
      return undefined;
    }
    if (await Field.expire()) return location.reload(); // 已经打开的一页也写着企业
    if (document.querySelector("[data-something]")) return signedOut();
    if (await Field.get("leaving")) return undefined;
    const owner = await Field.get("owner");
    if (owner && person && owner.id !== person) await Field.lock();
    if (document.querySelector("[data-sign-out]")) return signOut();
    remember(String(person));
    enlist();
    if (!(await Field.get("key"))) await Field.sync(); // 第一次：取钥匙
    fast = (await Field.get("fast")) || 0;
    ready = Boolean(await Field.get("key"));
    if (!ready) say("store", "还没有连上服务器，这里的内容存不住。", "连上网后刷新这一页。");
    await others();
    for (const line of all("details.edit")) {
      const [input, shown] = [line.querySelector("input[type=datetime-local]"), line.querySelector("[data-shown]")];
      if (input && shown && !input.value) shown.textContent = clock(now()); // 没有改的，就是现在
    }
    for (const input of all("input[data-moment]")) input.value = local(now()); // 页面也许是早先存的
    for (const note of ready ? all("[data-early]") : []) {
      if (!/^\s*现在还不能填\s*(检查还没有开始|还没有出示)/.test(note.innerText)) continue;
      const outside = note.innerText.includes("先登记开始"); // 非现场检查没有到场和送达
      note.querySelector("b").textContent = "先存在手机里"; // 到场也许在同组的手机里
      const served = note.innerText.includes("还没有出示"); // 到场已经传上来，只差这一步
      const missing = outside ? "开始" : served ? "出示证件、送达" : "到场和送达";
      note.querySelector("b").nextSibling.textContent = `${missing}传上来以后，自动上传。`;
    }
    if (ready) await overlay();
    await show();
    await oneWindow();
    room();
    return undefined;
  }

  Field.listen((word) => {
    if (word === "locked" && ready) setTimeout(() => location.reload(), 1500); // 正要离开的，让它离开
    else if (ready) show();
  });
  window.addEventListener("online", () => begun.then(() => upload(true))); // 也许这一页刚打开，还没有准备好
  window.addEventListener("offline", () => {
    situation = "offline";
    show();
  });
  document.addEventListener("visibilitychange", async () => {
    if (document.visibilityState !== "visible" || !ready) return;
    if (await Field.expire()) location.reload();
    else upload();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-outbox-send]")) upload(true);
  });
  const begun = begin();
  begun.then(() => upload(here === "/field/"));
})();
