// 工作台和登录页上：这台手机里的外勤是另一个人的，或者没有网络时退出过，先收好再说。手机里没有外勤的，什么也不做。
"use strict";
(() => {
  let owner = null;
  try {
    owner = localStorage.getItem("field");
  } catch {
    return;
  }
  if (!owner) return;
  const person = (document.querySelector("meta[name=person]") || {}).content;

  function store(work) {
    const script = document.createElement("script");
    script.src = document.querySelector("script[data-store]").dataset.store;
    script.onload = work;
    document.head.append(script);
  }

  if (owner === "leaving") {
    store(async () => {
      await Field.greet(); // 登录还在的，这时才真正退出
      if (await Field.get("leaving")) return;
      localStorage.removeItem("field");
      if (person) location.assign("/field/signed-out/");
    });
  } else if (person && person !== owner) {
    store(async () => {
      await Field.lock();
      localStorage.removeItem("field");
    });
  } else if (person) {
    // 手机里有外勤的，退出登录先看一眼有没有没上传的。
    window.addEventListener(
      "submit",
      (event) => {
        if (!event.target.action.endsWith("/desk/logout/")) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        location.assign("/field/sign-out/");
      },
      true,
    );
  }
})();
