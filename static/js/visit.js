// 核验页（ui-2.md 32c）：凭条在这一页由 /verify/ssj1.js 核对，什么也不发出去。没有脚本时是同样几行文字和两个链接。
(() => {
  "use strict";
  const panel = document.querySelector("[data-slip]");
  if (!panel || !window.SSJ1) return;
  const note = panel.querySelector("[data-slip-note]");
  const title = panel.querySelector("[data-slip-title]");
  const icon = note.querySelector("use");

  function say(words, kind, symbol) {
    title.textContent = words;
    note.className = kind ? `note ${kind}` : "note";
    if (symbol) icon.setAttribute("href", icon.getAttribute("href").replace(/#.*/, `#${symbol}`));
  }

  async function text(address) {
    const answer = await fetch(address, { credentials: "omit", cache: "no-cache" });
    if (!answer.ok) throw new Error(String(answer.status));
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await answer.arrayBuffer());
  }

  async function check() {
    say("正在核对凭条…");
    let list;
    let entry;
    try {
      [list, entry] = await Promise.all([text(panel.dataset.list), text(panel.dataset.entry)]);
    } catch (error) {
      return say("没有取到公布的清单，凭条还没有核对");
    }
    const digest = SSJ1.H(panel.dataset.line);
    const published = list.split("\n").includes(`slip\t${digest}`);
    const chained = entry.split("\n").includes(`doc\t${SSJ1.digest(list)}`);
    if (digest === panel.dataset.digest && published && chained) return say("凭条已在本页核对　一致", "note-s", "check");
    say("凭条核对不一致。打电话核实，先不要让检查开始", "note-e", "warn");
  }

  check();
})();
