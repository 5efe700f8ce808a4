// 计划编辑页：改了数字就存一次草稿，用服务器算好的结果换掉名额、说明和核对。没有脚本时按“重算”得到同样的页面。
const form = document.querySelector("form[data-live]");
const PARTS = ["problems", "ratios", "side", "saved"];
let timer = 0;
let running = false;

async function recount() {
  if (running || "sent" in form.dataset) return;
  running = true;
  const data = new FormData(form);
  data.set("do", "recount");
  try {
    const answer = await fetch(form.action || location.href, { method: "POST", body: new URLSearchParams(data) });
    if (answer.ok && answer.redirected) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } finally {
    running = false;
  }
}

function show(page) {
  const focused = document.activeElement;
  const at = focused && focused.id;
  for (const id of PARTS) {
    const now = document.getElementById(id);
    const then = page.getElementById(id);
    if (now && then) now.replaceWith(then);
  }
  for (const name of ["form_key", "version", "csrfmiddlewaretoken"]) {
    const then = page.querySelector(`form[data-live] [name=${name}]`);
    if (then) form.querySelector(`[name=${name}]`).value = then.value;
  }
  const submit = form.querySelector("[value=submit]");
  const fresh = page.querySelector("form[data-live] [value=submit]");
  if (submit && fresh) submit.replaceWith(fresh);
  const again = at && document.getElementById(at);
  if (again && again !== focused) again.focus();
}

if (form) {
  form.addEventListener("change", (event) => {
    if (!event.target.closest("#ratios, #items, [name=positive_out], [name=team_size]")) return;
    clearTimeout(timer);
    timer = setTimeout(recount, 150);
  });
}
