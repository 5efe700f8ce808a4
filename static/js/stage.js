// 投屏：空格到下一步（或按下“抽取”），L 换成浅色。没有脚本时用链接和按钮，浅色在地址后加 ?light。
const stage = document.querySelector("[data-stage]");

function say(words) {
  const place = stage.querySelector("footer span");
  if (place) place.textContent = words;
}

// 断网时留在这一屏：连上以后再按，屏上显示抽没抽过。
async function online() {
  try {
    return (await fetch(location.href, { method: "HEAD", cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

async function advance(target) {
  if (!(await online())) {
    say("网络断开，连上以后再按空格");
    return;
  }
  if (target.form) target.form.requestSubmit(target);
  else location.assign(target.href);
}

function setLight(on) {
  stage.classList.toggle("stage-lt", on);
  for (const link of stage.querySelectorAll("a[data-next]")) {
    const address = new URL(link.href);
    if (on) address.searchParams.set("light", "1");
    else address.searchParams.delete("light");
    link.href = address;
  }
  for (const field of stage.querySelectorAll("input[name=light]")) field.value = on ? "1" : "";
}

document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " ") {
    event.preventDefault();
    const target = stage.querySelector("[data-next]");
    if (target && !("busy" in stage.dataset)) {
      stage.dataset.busy = "";
      advance(target).finally(() => delete stage.dataset.busy);
    }
  } else if (event.key.toLowerCase() === "l") {
    setLight(!stage.classList.contains("stage-lt"));
  }
});

// 抽取只按一次；在这一秒里屏上只有这四个字。
stage.addEventListener("submit", (event) => {
  if ("sent" in stage.dataset) {
    event.preventDefault();
    return;
  }
  stage.dataset.sent = "";
  for (const part of stage.querySelectorAll("section, footer")) part.hidden = true;
  const words = document.createElement("p");
  words.className = "wait";
  words.setAttribute("role", "status");
  words.textContent = "正在抽取";
  stage.querySelector("form").closest("section").before(words);
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
