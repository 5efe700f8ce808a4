// 页面是早先存的，手机里的答案是后来的：数到现在为止（我的检查、检查清单、检查完毕、核对记录）。
// data-points 写着页面上每一点的答案；data-n 是其中一个数；field.js 每画一次，从这里重数一遍。
"use strict";
const FieldCounts = (() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const made = (tag, text, name) => Object.assign(document.createElement(tag), { textContent: text, className: name || "" });
  const status = (state, text) => {
    const shape = made("span", "", `st st-${state}`);
    shape.append(made("span", text));
    return shape;
  };

  // 每一点最后的一个答案；已经上传、从手机里删掉的，这一页还没有重新打开，照样算。
  const given = new Map();
  function take(items) {
    for (const one of given.values()) one.waits = false;
    for (const item of items) {
      const fields = [...(item.fields || []), ...(item.shows || [])];
      const undone = fields.some(([name, value]) => name === "go" && value === "undo");
      for (const [name, value] of fields) {
        const point = undone ? name === "just" && value : (/^answer_(\d+)$/.exec(name) || [])[1];
        if (!point) continue;
        if (item.answer.state === "differs") {
          given.delete(point); // 两人商量以前，照服务器记的算
          continue;
        }
        const words = (fields.find(([other]) => other === `words_${point}`) || [])[1] || "";
        given.set(point, { value: undone ? "" : value, words, what: item.what, page: item.page, waits: item.state !== Field.SENT });
      }
    }
  }

  function count(place) {
    const n = { total: 0, answered: 0, open: 0, later: 0, waiting: 0, NONE_FOUND: 0, FOUND: 0, NOT_APPLICABLE: 0 };
    for (const pair of place.dataset.points.split(" ").filter(Boolean)) {
      const [point, before] = pair.split(":");
      const later = given.get(point);
      const answer = later ? later.value : before;
      n.total += 1;
      n[answer || "open"] += 1;
      if (answer) n.answered += 1;
      if (later) n.later += 1;
      if (later && later.waits) n.waiting += 1;
    }
    return n;
  }

  // 状态的一格：手机里有的写上，没有了照原来的。
  const before = new Map();
  function say(place, state, text) {
    if (!before.has(place)) before.set(place, [...place.childNodes]);
    if (text && place.textContent === text) return;
    place.replaceChildren(...(text ? [status(state, text)] : before.get(place)));
  }

  function itemWords(n) {
    if (n.open === n.total) return ["wait", "未开始"];
    if (n.open) return ["run", "正在查"];
    if (n.FOUND) return ["warn", `发现问题 ${n.FOUND} 点`];
    return ["ok", n.NONE_FOUND ? "未发现问题" : "不涉及"];
  }

  // 检查完毕的第一行：还差几点。
  function checkLine(place, n) {
    const icon = place.querySelector("use");
    const text = n.open ? `${place.dataset.lead}，还有 ${n.open} 个没有答案。` : `${place.dataset.lead}都有答案`;
    const link = place.querySelector("a");
    const words = made("span", n.open ? "不符合：" : "符合：", "sr");
    if (icon) icon.setAttribute("href", icon.getAttribute("href").replace(/#.*/, n.open ? "#cross" : "#check"));
    place.className = n.open ? "red b" : "";
    place.replaceChildren(...[place.querySelector("svg"), words, text, " ", n.open && link].filter(Boolean));
  }

  // 手机里写了、签了，还没有上传的：不再说没有写、没有签。data-wants 是要哪几处，竖线隔开的有一处就行。
  function keptHere(items) {
    const has = (path) => items.some((item) => item.path === path && item.state !== Field.REFUSED);
    const finish = location.pathname.replace(/^(\/field\/[^/]+\/).*/, "$1finish/");
    for (const note of all("[data-early]")) if (note.textContent.includes("还没有写检查结果")) note.hidden = has(finish);
    for (const line of all("[data-wants]")) {
      if (!line.className || !line.dataset.wants.split(" ").every((ways) => ways.split("|").some(has))) continue;
      const icon = line.querySelector("use");
      if (icon) icon.setAttribute("href", icon.getAttribute("href").replace(/#.*/, "#check"));
      line.className = "";
      line.replaceChildren(line.querySelector("svg"), made("span", "符合：", "sr"), `${line.dataset.kept}已存在手机`);
    }
  }

  const inOne = (list) => all("[data-at]", list).map((row) => `${row.querySelector("span:last-child").textContent.replace(/。+$/, "")}。`).join("");

  // 发现的问题，连手机里的一起，一点一条。
  function foundList(list) {
    if (!all("[data-points]").some((place) => count(place).later)) return;
    const here = new Set(all("[data-points]").flatMap((place) => place.dataset.points.split(" ").map((pair) => pair.split(":")[0])));
    const rows = new Map(all("[data-at]", list).map((row) => [row.dataset.at, row]));
    const box = list.matches("ul") && document.querySelector("[name=finding]"); // 没有改过的，还是各点的话连起来
    const untouched = box && box.value === inOne(list);
    for (const [point, { value, words, what, page }] of given) {
      if (!here.has(point)) continue;
      const row = rows.get(point);
      if (value !== "FOUND") {
        if (row) row.remove();
      } else if (row) {
        row.querySelector("span:last-child").textContent = words;
      } else {
        const added = made("li", "");
        const link = list.matches("ul") ? added.appendChild(made("a", "")) : added;
        if (link !== added) link.href = `${page}#p${point}`;
        link.append(link === added ? "　" : made("b", what.replace(/^.*?　/, "")), made("span", words, link === added ? "" : "sm"));
        added.dataset.at = point;
        list.append(added);
      }
    }
    const found = all("[data-at]", list);
    if (list.matches("ol")) found.forEach((row, at) => (row.firstChild.textContent = `${at + 1}　`));
    if (untouched) box.value = inOne(list);
    list.hidden = !found.length;
    const title = list.previousElementSibling;
    if (list.matches("ol")) title.textContent = found.length ? "发现的问题" : "检查结果";
    else [title.hidden, title.querySelector("span").textContent] = [!found.length, found.length];
  }

  // 核对记录：写了还没有上传的检查结果。
  function written(place, items) {
    const item = items.findLast((one) => one.path === place.dataset.written && one.state !== Field.SENT);
    if (!item) return;
    const value = Object.fromEntries(item.fields);
    const [, month, day] = (value.rectify_by || "").split("-").map(Number);
    const by = value.outcome === "RECTIFY_ORDERED" && month ? `，${month} 月 ${day} 日前改正` : "";
    const decision = made("p", "", "mt3");
    decision.append(made("b", item.chosen + by));
    place.replaceChildren(...(value.finding ? [made("p", `检查情况：${value.finding}`, "mt3")] : []), decision);
  }

  async function card(place, items, situation) {
    const mine = items.filter((item) => item.no === place.dataset.task && item.state === Field.WAITING);
    const waits = (page) => mine.some((item) => item.kind === "act" && item.path.endsWith(page));
    const points = place.querySelector("[data-points]");
    const n = points ? count(points) : { waiting: 0 };
    const state = place.querySelector("[data-state]");
    const link = place.querySelector("a");
    if (!state) return;
    if (situation === "offline" && !(await Field.has(new URL(link.href).pathname))) say(state, "warn", "这家企业的资料还没有存到手机，连上网后再打开");
    else if (waits("/submit/")) say(state, "warn", "提交已存在手机，连上网后自动提交");
    else if (n.waiting && mine.some((item) => item.answer && item.answer.why)) say(state, "warn", mine.find((item) => item.answer && item.answer.why).answer.why);
    else if (n.waiting) say(state, "warn", `${n.answered - n.waiting} 点已上传，${n.waiting} 点${situation === "online" ? "正在上传" : "等网络"}`);
    else if (waits("/arrive/")) say(state, "warn", "到场已存在手机，等网络");
    else say(state);
  }

  async function draw(items, situation) {
    take(items);
    for (const place of all("[data-points]")) {
      const n = count(place);
      if (!n.later) continue;
      for (const number of all("[data-n]", place)) {
        number.textContent = n[number.dataset.n];
        if (number.dataset.n === "open") number.parentElement.hidden = !n.open;
      }
      const bar = place.matches(".ph-prog") && place.previousElementSibling.querySelector(".v");
      if (bar) bar.setAttribute("width", `${Math.round((100 * n.answered) / n.total)}%`);
      if (place.dataset.lead) checkLine(place, n);
      const outcome = place.querySelector("[data-outcome]");
      if (outcome) say(outcome, ...itemWords(n));
    }
    for (const list of all("[data-found]")) foundList(list);
    for (const place of all("[data-written]")) written(place, items);
    keptHere(items);
    const offline = document.querySelector("main > [data-offline]");
    if (offline) offline.hidden = situation !== "offline";
    for (const place of all("[data-task]")) await card(place, items, situation);
  }

  return { draw };
})();
