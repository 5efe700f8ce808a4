// 换了人，前一个人没写完的草稿（draft.js）清掉。工作台、外勤、名录后台都先到这里；登录页上还不知道是谁，留着。
{
  const person = document.querySelector("meta[name=person]")?.content;
  if (person)
    try {
      for (const key of Object.keys(sessionStorage)) if (key.startsWith("draft:") && !key.startsWith(`draft:${person}:`)) sessionStorage.removeItem(key);
    } catch {
      // 浏览器不许存：也就没有草稿
    }
}

// 手机上才收起的（details.fold）：旧浏览器不认得 ::details-content，宽屏和打印时由这里打开。
{
  const open = () => document.querySelectorAll("details.fold").forEach((fold) => (fold.open = true));
  if (!CSS.supports("selector(::details-content)")) {
    if (matchMedia("(min-width: 641px)").matches) open();
    addEventListener("beforeprint", open);
  }
}

// “/” 到搜索框；Esc 收起菜单。没有脚本时两样都能用鼠标完成。
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  } else if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.pick[open]")) {
      if (menu.contains(document.activeElement)) menu.firstElementChild.focus();
      menu.open = false;
    }
    if (location.hash === "#nav") location.hash = "main";
  }
});

// 一次只开一个菜单，点别处收起；窄屏上再按一次菜单键，收起功能菜单（没有脚本时按“收起菜单”）。
document.addEventListener("click", (event) => {
  if (location.hash === "#nav" && event.target.closest("a.menu")) {
    event.preventDefault();
    location.hash = "main";
  }
  for (const menu of document.querySelectorAll("details.pick[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// 打印按钮只在有脚本时出现；没有脚本用浏览器自己的打印。
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// 提交一次：第二次按不再发出（服务器也只认一次），从后退回来时复原。下载类的表单或按钮写 data-stay，不受影响。
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || "stay" in form.dataset || "stay" in (event.submitter?.dataset ?? {})) return;
  if ("sent" in form.dataset) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  if (event.submitter) event.submitter.textContent = "正在提交…";
  if ("handed" in form.dataset) follow(form);
});

// 只交一次的下载（data-handed：办成以后的页面，NUMBER 处填编号）：下载不换页，服务器用 cookie 说编号，随后打开那一页，写着下一步。
// 没有办成的，浏览器照常打开写着原因的页面。没有脚本时留在原页，那里先写着办成以后看哪里。
function follow(form) {
  const drop = () => (document.cookie = "handed_over=; path=/desk/; max-age=0; samesite=strict");
  drop();
  const asking = setInterval(() => {
    const number = document.cookie.match(/(?:^|; )handed_over=([\w-]+)/)?.[1];
    if (!number) return;
    clearInterval(asking);
    drop();
    location.assign(form.dataset.handed.replace("NUMBER", number));
  }, 300);
}
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// 勾选了几家，写在批量操作条上；一家也没勾时收起。没有脚本时一直在，写“勾上的”。
for (const form of document.querySelectorAll("[data-choose]")) {
  const bar = form.querySelector(".bulk");
  const counter = form.querySelector("[data-count]");
  if (counter) counter.hidden = false;
  const shown = form.querySelector("[data-chosen]");
  const count = () => {
    for (const box of form.querySelectorAll("tr .ck")) {
      const row = box.closest("tr");
      row.setAttribute("aria-selected", box.checked || "open" in row.dataset);
    }
    const chosen = form.querySelectorAll(".ck:checked").length;
    if (bar) bar.hidden = !chosen;
    if (shown) shown.textContent = chosen;
  };
  form.addEventListener("change", count);
  count();
}

// 登录快要超时的先说一声（五分钟前）。正在填写的人算在用：每隔几分钟替他问一次服务器，登录就不断。
const idle = document.querySelector("[data-idle]");
if (idle) {
  const minute = 60000;
  let ends = Date.now() + idle.dataset.idle * minute;
  let asked = Date.now();
  let typed = false;
  const ask = async () => {
    asked = Date.now();
    typed = false;
    try {
      const answer = await fetch(idle.dataset.ask, { redirect: "manual", cache: "no-store" });
      if (answer.ok) ends = Date.now() + Number(await answer.text()) * minute;
    } catch {
      // 网络断了：到时照样提示。
    }
    idle.hidden = Date.now() < ends - 5 * minute;
  };
  document.addEventListener("input", () => (typed = true));
  idle.querySelector("button").addEventListener("click", ask);
  setInterval(() => {
    if (typed && Date.now() - asked > 4 * minute) ask();
    else idle.hidden = Date.now() < ends - 5 * minute;
  }, minute / 4);
}

// 浏览器自己的提示用浏览器的语言，这里换成本系统的话；没有脚本时由服务器说。
{
  const words = (field, wrong) => {
    const kind = { date: "日期", time: "时间", "datetime-local": "日期和时间", number: "数字" }[field.type];
    if (wrong.valueMissing) return field.type === "checkbox" || field.type === "radio" || field.tagName === "SELECT" ? "这一项还没有选，选好再提交。" : "这一项还没有填，填好再提交。";
    if (wrong.badInput && kind) return `${kind}不完整或者写法不对，改好再提交。`;
    if (wrong.rangeUnderflow) return `不能${kind === "数字" ? "小" : "早"}于 ${field.min}，改好再提交。`;
    if (wrong.rangeOverflow) return `不能${kind === "数字" ? "大" : "晚"}于 ${field.max}，改好再提交。`;
    if (wrong.tooShort) return `至少写 ${field.minLength} 个字。`;
    if (wrong.tooLong) return `最多写 ${field.maxLength} 个字。`;
    return "写法不对，改好再提交。";
  };
  // 每次提交以前、每次改动以后全部重新算：单选的一组里改的可能是另外一个，草稿填回来的没有事件。
  const again = ({ target }) => {
    for (const field of target.form?.elements ?? []) field.setCustomValidity?.("");
  };
  for (const kind of ["input", "change", "click"]) document.addEventListener(kind, again, true);
  document.addEventListener("invalid", ({ target }) => target.validity.customError || target.setCustomValidity(words(target, target.validity)), true);
}
