// 公开页：“/” 到查询框（ui.md 9），打印按钮。没有脚本时按钮不出现，浏览器的菜单能打印。
(() => {
  "use strict";
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const search = document.querySelector("main input[name=q]");
    if (!search) return;
    event.preventDefault();
    search.focus();
  });
})();
