// 打印按钮只在有脚本时出现；没有脚本用浏览器自己的打印。
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
