// 填写到一半的不丢：多于三栏的、有长文字的表单，改动留在这个标签页里，再打开这一页时放回；没提交就离开先问一次（ui.md 4.6）。
// 只留在标签页（sessionStorage）：关掉标签页就没有了，不留在公用电脑上；换了人、退出登录一并清掉。密码和文件不留。
"use strict";
(() => {
  const person = document.querySelector("meta[name=person]")?.content;
  const PREFIX = "draft:";
  if (!person) return;
  let store;
  try {
    store = sessionStorage; // 别人的草稿 desk.js 已经清掉
  } catch {
    return; // 浏览器不许存：照常填写，照常提交
  }
  const read = (key) => {
    try {
      return JSON.parse(store.getItem(key));
    } catch {
      return null;
    }
  };

  // 上一页提交了：到了别的页面、没有报错，才算办成，草稿不再要；退回来的、报错的、等确认的都还留着。
  const [visit] = performance.getEntriesByType("navigation");
  const waits = document.querySelector("[name=confirmed], [data-typed]"); // 等确认、等再输密码
  const failed = waits || document.querySelector(".errsum, .note-e");
  const onTheWay = [];
  for (const key of Object.keys(store)) {
    if (!key.startsWith(PREFIX)) continue;
    const kept = read(key);
    if (!kept) store.removeItem(key);
    else if (kept.sent && visit?.type === "navigate" && !failed) store.removeItem(key);
    else if (kept.sent) {
      if (waits) onTheWay.push(key);
      store.setItem(key, JSON.stringify({ ...kept, sent: false }));
    }
  }
  // 从等的那一页接着提交，也是提交；没有接着办就走开的，还是没提交。
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "post" || !event.target.closest("main") || event.defaultPrevented) return;
    for (const key of onTheWay) {
      const kept = read(key);
      if (kept) store.setItem(key, JSON.stringify({ ...kept, sent: true }));
    }
  });

  const kept_out = (field) =>
    !field.name || ["hidden", "password", "file", "submit", "button"].includes(field.type) || field.autocomplete === "one-time-code" || field.classList.contains("ck");
  const fieldsOf = (form) => [...form.elements].filter((field) => field.matches("input, select, textarea") && !kept_out(field));
  const valuesOf = (form) => {
    const values = {};
    for (const field of fieldsOf(form)) {
      const own = (values[field.name] ??= []);
      if (field.matches("select")) own.push(...[...field.selectedOptions].map((option) => option.value));
      else if (!["checkbox", "radio"].includes(field.type) || field.checked) own.push(field.value);
    }
    return values;
  };
  const fill = (form, values) => {
    const left = structuredClone(values);
    for (const field of fieldsOf(form)) {
      if (!(field.name in left) || field.readOnly || field.disabled) continue;
      const own = left[field.name];
      if (["checkbox", "radio"].includes(field.type)) field.checked = own.includes(field.value);
      else if (field.matches("select")) for (const option of field.options) option.selected = own.includes(option.value);
      else if (own.length) field.value = own.shift();
      else continue;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };

  const forms = [...document.querySelectorAll("main form[method=post]")].filter((form) => {
    if ("live" in form.dataset || "stay" in form.dataset) return false; // 计划编辑页自己存；下载不用存
    return form.querySelector("textarea") || new Set(fieldsOf(form).map((field) => field.name)).size > 3;
  });
  let leaving = false; // 正在提交

  // 地址问的是哪一件（?ask=、?object=、?kind=），草稿就只属于那一件，不放进别的一件；只管列表怎么排、翻到哪页的不算。
  const LIST_WORDS = ["page", "by", "sort", "verify"];
  const place = new URLSearchParams([...new URLSearchParams(location.search)].filter(([name, own]) => own && !LIST_WORDS.includes(name)));
  place.sort();
  const addresses = {};
  for (const form of forms) {
    const to = new URL(form.getAttribute("action") || location.href, location.href).pathname;
    const nth = (addresses[to] = (addresses[to] ?? 0) + 1);
    const key = `${PREFIX}${person}:${location.pathname}?${place}:${to}:${nth}`;
    const first = valuesOf(form);
    const note = document.createElement("p");
    note.className = "sm mut";
    note.setAttribute("role", "status");
    form.prepend(note);
    const say = (words, at) => {
      const time = new Date(at);
      note.textContent = `${[time.getHours(), time.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":")} ${words}`;
    };
    const changed = () => {
      const now = valuesOf(form);
      return Object.fromEntries(Object.entries(now).filter(([name, own]) => JSON.stringify(own) !== JSON.stringify(first[name])));
    };
    form.unsent = () => Object.keys(changed()).length > 0;

    const waiting = read(key);
    // 服务器带着错误送回来的，填的都在页面上，不用放回。
    if (waiting && !document.querySelector(".errsum")) {
      fill(form, waiting.values);
      if (form.unsent()) {
        say("填写、没有提交的内容已放回。", waiting.at);
        const drop = document.createElement("button");
        drop.type = "button";
        drop.className = "linklike sm";
        drop.textContent = "清除，恢复原样";
        drop.addEventListener("click", () => {
          store.removeItem(key);
          fill(form, first);
          note.textContent = "已恢复原样。";
        });
        note.append(drop);
      } else store.removeItem(key);
    }

    let timer = 0;
    const keep = () => {
      const values = changed();
      try {
        if (!Object.keys(values).length) {
          store.removeItem(key);
          note.textContent = "";
        } else {
          const at = Date.now();
          store.setItem(key, JSON.stringify({ values, at, sent: false }));
          say("已存为草稿，还没有提交。", at);
        }
      } catch {
        note.textContent = "内容太长，没有存为草稿。";
      }
    };
    form.addEventListener("input", (event) => {
      if (!event.isTrusted || kept_out(event.target)) return;
      clearTimeout(timer);
      timer = setTimeout(keep, 800);
    });
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      keep();
      if (event.defaultPrevented) return;
      leaving = true;
      const now = read(key);
      if (now) store.setItem(key, JSON.stringify({ ...now, sent: true }));
    });
  }

  // 退出登录：填写到一半的不留给下一个人。
  document.addEventListener("submit", (event) => {
    if ((event.target.getAttribute("action") ?? "").endsWith("/desk/logout/")) {
      leaving = true;
      for (const key of Object.keys(store)) if (key.startsWith(PREFIX)) store.removeItem(key);
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && forms.some((form) => form.unsent())) event.preventDefault();
  });
})();
