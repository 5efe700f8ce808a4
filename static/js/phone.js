// 选了才要写的，选上才打开（data-opens 指向那一段）；没有脚本时是一行可以点开的字。
function show(choices) {
  for (const choice of choices) {
    const part = document.getElementById(choice.dataset.opens);
    part.hidden = !choice.checked;
    part.open = choice.checked;
    part.querySelector("summary").hidden = true;
    for (const field of part.querySelectorAll("input, textarea, select")) field.disabled = !choice.checked;
    for (const field of part.querySelectorAll("[data-must] [type=text]")) field.required = choice.checked; // 没有网络时也先拦住
    // 发现问题的，拍照也打开；别的结果点开就能拍
    const photos = document.querySelector(`[data-with="${part.id}"]`);
    if (photos && choice.checked) photos.open = true;
    const kept = document.querySelector(`[data-kept="${part.id}"]`);
    if (kept) kept.hidden = choice.checked || !part.querySelector("textarea").value.trim();
  }
}
show(document.querySelectorAll("[data-opens]"));
// 先打开，再让 field.js 存：打开的才算在内
document.addEventListener("change", (event) => {
  const { form, name, type } = event.target;
  if (type === "radio" && form) {
    show([...form.querySelectorAll("[data-opens]")].filter((choice) => choice.name === name));
  }
  // 写着时间或日期的一行，改了就跟着改
  const line = event.target.closest("details.edit");
  const shown = line && line.querySelector("summary [data-shown]");
  if (shown && event.target.value) {
    const [day, time] = event.target.value.split("T");
    const [, month, date] = day.split("-").map(Number);
    shown.textContent = time || `${month} 月 ${date} 日`;
  }
}, true);

// 2,000 字写到八成才说还能写多少
document.addEventListener("input", (event) => {
  const box = event.target;
  const left = box.id && document.querySelector(`[data-left="${box.id}"]`);
  if (left) {
    left.hidden = box.value.length < box.maxLength * 0.8;
    left.textContent = `还能写 ${box.maxLength - box.value.length} 字`;
  }
});
