// 会公开的文字里疑为姓名、电话、证件号的地方：离开文字框就标出，没有网络也一样（ui-2.md 30c）。
// 怎样认，和服务器是同一份（inspections/privacy/patterns.json，随页面带来）；审核和公开时服务器再看一遍。
"use strict";
const Names = (() => {
  // given：{ patterns, people（这次检查里已知的人）, own_name（被检查的自然人）, kept（已写明理由的） }
  function reader({ patterns: data, people = [], own_name = "", kept = [] }) {
    const compound = data.compound_surnames.join("|");
    const parts = ["is", "link", "called", "did", "leading", "han", "surnames"];
    const filled = (pattern) =>
      parts.reduce((text, part) => text.replaceAll(`{${part}}`, data[part]), pattern).replaceAll("{compound}", compound).replaceAll("(?P<", "(?<");
    const named = data.named.map((one) => ({ ...one, pattern: new RegExp(filled(one.pattern), "dgu") }));
    const [atCompound, atWord, han] = [`^(?:${compound})`, `^(?:${data.words.join("|")})`, data.han].map((p) => new RegExp(p, "u"));
    const [invisible, gaps, identity] = [data.invisible, data.numbers.gaps, data.numbers.identity].map((p) => new RegExp(p, "gu"));
    const telephones = data.numbers.telephone.map((p) => new RegExp(p, "gu"));
    const lines = new RegExp(data.lines, "u");
    const plain = (text) => text.normalize("NFKC").replace(invisible, "");
    const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

    function masked(text) {
      const signs = [...text];
      if (signs.length <= 2) return `${signs[0] || ""}*`;
      if (signs.length <= 4) return signs[0] + "*".repeat(signs.length - 2) + signs.at(-1);
      return signs.slice(0, 3).join("") + "*".repeat(signs.length - 5) + signs.slice(-2).join("");
    }

    function isIdentity(number) {
      const total = data.numbers.weights.reduce((sum, weight, n) => sum + weight * Number(number[n]), 0);
      return data.numbers.check[total % 11] === number[17].toUpperCase();
    }

    function numbersIn(text) {
      let left = text.normalize("NFKC").split(lines).map((line) => line.replace(gaps, "")).join("\n");
      const found = [];
      for (const [number] of left.matchAll(identity)) {
        if (!isIdentity(number)) continue;
        found.push({ kind: "identity", shown: masked(number) });
        left = left.replaceAll(number, " ".repeat(number.length));
      }
      for (const pattern of telephones)
        for (const [number] of left.matchAll(pattern)) found.push({ kind: "telephone", shown: masked(number) });
      return found;
    }

    function nameAt(text, start, clear) {
      const rest = text.slice(start, start + 4);
      const double = atCompound.exec(rest);
      let first = rest[0] || "";
      if (double) first = double[0];
      else if (!first || !(data.surnames.includes(first) || (data.surnames_in_words.includes(first) && !clear))) return "";
      if (atWord.test(rest)) return "";
      let name = first;
      for (const sign of text.slice(start + first.length, start + first.length + 2)) {
        if (!han.test(sign) || data.after.includes(sign)) break;
        name += sign;
      }
      return name === first ? "" : name;
    }

    function namesIn(text) {
      const found = [];
      for (const { pattern, clear, whole } of named) {
        for (const match of text.matchAll(pattern)) {
          const name = nameAt(text, match.indices.groups.name[0], clear);
          if (name && (!whole || match.groups.name === name) && !found.includes(name)) found.push(name);
        }
      }
      return found.filter((name) => !found.some((other) => other !== name && other.includes(name)));
    }

    function behind(text, name) {
      const said = new RegExp(`(${data.is})${data.link}${escaped(name)}`, "u").exec(text);
      return said ? { whole: said[0], role: said[1] } : { whole: name, role: data.instead };
    }

    // 一段文字里还没有改、也没有写明理由的：[{ kind, shown, title, whole, role }]
    return function marks(text) {
      if (!text) return [];
      const found = numbersIn(text);
      const all = plain(text);
      const owns = own_name && all.includes(own_name);
      if (owns) found.push({ kind: "own", shown: masked(own_name) });
      const hidden = new Set(found.map((one) => one.shown));
      const names = new Set(people.filter((name) => all.includes(name) && !(owns && name === own_name)));
      for (const line of text.split(lines)) for (const name of namesIn(plain(line))) names.add(name);
      for (const name of [...names].sort()) {
        if (!hidden.has(masked(name)) && !kept.includes(name)) found.push({ kind: "name", shown: name, ...behind(text, name) });
      }
      return found.map((one) => {
        const [title, text] = data.said[one.kind];
        return { whole: "", role: "", ...one, title: `${title}：${one.shown}`, text };
      });
    };
  }

  return { reader };
})();

// --- 页面上 -----------------------------------------------------------------------------------------------------------
if (typeof document !== "undefined") {
  const given = document.getElementById("personal");
  let marks = null;
  try {
    marks = Names.reader(JSON.parse(given.textContent));
  } catch {
    // 浏览器太旧，认不了这些写法：照旧存下，由服务器标出
  }

  const told = new Map(); // 写明了理由的：哪一段文字、哪几个姓名
  const draw = (place, changed) => {
    const box = document.getElementById(place.dataset.marks);
    const why = place.querySelector("[data-why]");
    const reason = why && why.querySelector("input");
    const all = box.disabled ? [] : marks(box.value);
    const names = all.filter((one) => one.kind === "name").map((one) => one.shown);
    if (changed && changed === reason) told.set(place, reason.value.trim().length >= 4 ? names : []); // 至少 4 个字，和服务器一样
    const given = told.get(place) || [];
    if (given.length && names.some((name) => !given.includes(name))) {
      told.delete(place); // 又写了别的姓名：理由另写
      reason.value = "";
    }
    const found = all.filter((one) => !(told.get(place) || []).includes(one.shown));
    place.querySelector("[role=status]").replaceChildren(
      ...found.map((one) => {
        const mark = document.getElementById("mark").content.cloneNode(true);
        const button = mark.querySelector("button");
        const title = mark.querySelector(".note b");
        title.textContent = one.title;
        title.nextSibling.textContent = one.text;
        Object.assign(button.dataset, { whole: one.whole, role: one.role });
        button.hidden = !one.role;
        button.textContent = `改为“${one.role}”`;
        return mark;
      }),
    );
    if (why) why.hidden = !names.length;
    if (found.length) place.closest("details").open = true;
  };

  if (marks) {
    const places = [...document.querySelectorAll("[data-marks]")];
    places.forEach((place) => draw(place));
    const meant = (place, field) => place.contains(field) || place.dataset.marks === field.id || field.matches("[data-opens]");
    document.addEventListener("change", ({ target }) => places.filter((place) => meant(place, target)).forEach((place) => draw(place, target)), true); // 先标，再由 field.js 存
  }

  // 改为“现场负责人”：把名字从文字里去掉，和手改一样存下
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mark] button");
    if (!button || !marks) return;
    event.preventDefault();
    const box = document.getElementById(button.closest("[data-marks]").dataset.marks);
    box.value = box.value.replaceAll(button.dataset.whole, button.dataset.role);
    box.dispatchEvent(new Event("change", { bubbles: true }));
    box.focus();
  });
} else {
  module.exports = Names;
}
