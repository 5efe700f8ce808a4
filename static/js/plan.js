// 计划编辑页：改了数字就存一次草稿，用服务器算好的结果换掉名额、说明和核对；每 30 秒自动保存。没有脚本时按“重算”和“保存草稿”。
const form = document.querySelector("form[data-live]");
const PARTS = ["problems", "ratios", "items", "side", "saved"];
const TYPED = ["ratios", "items"];
const AUTOSAVE = 30000;
let timer = 0;
let running = false;
let changed = false;

async function keep(what) {
  if (running || "sent" in form.dataset) return;
  running = true;
  const data = new FormData(form);
  data.set("do", what);
  changed = false;
  try {
    const answer = await fetch(form.action || location.href, { method: "POST", body: new URLSearchParams(data) });
    if (answer.ok && answer.redirected) {
      show(new DOMParser().parseFromString(await answer.text(), "text/html"));
      if (what === "autosave") say("自动保存");
    } else {
      changed = true;
      if (what === "autosave") say(answer.status === 422 ? "没有自动保存：有一栏填得不对" : "没有自动保存");
    }
  } catch {
    changed = true;
    say("没有网络，没有自动保存");
  } finally {
    running = false;
  }
}

function say(words) {
  const now = new Date();
  const time = [now.getHours(), now.getMinutes()].map((n) => String(n).padStart(2, "0")).join(":");
  const saved = document.getElementById("saved");
  if (saved) saved.textContent = words === "自动保存" ? `${saved.textContent.split(" ")[0]} ${words}` : `${time} ${words}`;
}

function show(page) {
  const focused = document.activeElement;
  const at = focused && focused.id;
  for (const id of PARTS) {
    const now = document.getElementById(id);
    const then = page.getElementById(id);
    if (now && then && !(TYPED.includes(id) && changed)) now.replaceWith(then);
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
  form.addEventListener("input", () => {
    changed = true;
  });
  form.addEventListener("change", (event) => {
    changed = true;
    if (!event.target.closest("#ratios, #items, [name=positive_out], [name=team_size]")) return;
    clearTimeout(timer);
    timer = setTimeout(() => keep("recount"), 150);
  });
  form.addEventListener("submit", () => {
    changed = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
  setInterval(() => {
    if (changed) keep("autosave");
  }, AUTOSAVE);
}
