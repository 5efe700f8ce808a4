// 核验一条公示（ui-2.md 21）：原文和凭证交给 /verify/pub1.js 重算，逐行写结果。没有脚本时是文字和下载。
(() => {
  "use strict";
  const panel = document.querySelector("[data-register]");
  if (!panel || !window.PUB1) return;
  const part = (name) => panel.querySelector(`[data-register-${name}]`);
  const verdict = part("verdict");
  const inputs = { text: panel.querySelector("#register-text"), proof: panel.querySelector("#register-proof") };
  const rows = [...panel.querySelectorAll("[data-row]")];
  const STATES = { ISSUED: "公开", CORRECTED: "更正", WITHDRAWN: "撤下" };
  const ROW_OF = { E_SYNTAX: 0, E_DOC: 1, E_PROOF: 2, E_SIG: 3 };
  const files = {};

  function say(kind, text, small = "") {
    verdict.className = { ok: "verdict", half: "verdict ask", bad: "verdict bad", wait: "verdict ask" }[kind];
    const icon = verdict.querySelector("use");
    icon.setAttribute("href", icon.getAttribute("href").replace(/#.*/, { ok: "#check", bad: "#cross" }[kind] || "#warn"));
    part("said").textContent = text;
    part("small").textContent = small;
    verdict.hidden = false;
  }

  function mark(passed, said) {
    rows.forEach((row, i) => {
      const res = row.querySelector(".res");
      row.className = i < passed ? "ok" : i === passed && said.failed ? "no" : "";
      res.className = `res ${i < passed ? "grn" : i === passed && said.failed ? "red" : "mut"}`;
      res.textContent = said[i] || (i < passed ? "一致" : i === passed && said.failed ? "对不上" : "未核验");
    });
  }

  const start = (data) => new TextDecoder().decode(data.subarray(0, 40));
  const isProof = (data) => start(data).startsWith("c2sp.org/tlog-proof");
  const isBundle = (data) => start(data).includes("SSJ1-BUNDLE") || start(data).startsWith('{"bundles"');
  const isText = (data) => start(data).startsWith("{");

  function take(name, data) {
    if (isBundle(data)) return say("wait", "这是抽取证据包，用上面的“核验一次抽取”");
    if (!isProof(data) && !isText(data)) return say("wait", "这不是公示原文或凭证", name);
    const kind = isProof(data) ? "proof" : "text";
    files[kind] = data;
    const hint = document.getElementById(inputs[kind].getAttribute("aria-describedby"));
    hint.textContent = `已选：${name}，${data.length} 字节`;
    return undefined;
  }

  async function read(list) {
    for (const file of list) take(file.name, new Uint8Array(await file.arrayBuffer()));
  }

  async function check() {
    if (!files.text || !files.proof) {
      say("wait", files.proof ? "还缺公示原文" : files.text ? "还缺凭证" : "先选公示原文和凭证两个文件");
      return;
    }
    const key = part("key");
    const began = performance.now();
    try {
      const found = await PUB1.checkRecord(files.proof, files.text, key ? key.value : null);
      const { answer, entry, checkpoint, index, steps } = found;
      const since = entry.at.replace("T", " ").slice(0, 16);
      const took = `用时 ${Math.max(1, Math.round(performance.now() - began))} 毫秒，没有向任何服务器发送数据`;
      const what = `${entry.no} 第 ${entry.version} 版，${STATES[entry.state]}`;
      const said = ["2 个文件", `${entry.doc.slice(0, 12)}…`, `${checkpoint.size} 条，合并 ${steps} 步`];
      if (answer === "ok") {
        mark(4, [...said, "签名有效"]);
        const state = entry.state === "WITHDRAWN" ? `这条公示自 ${since} 起已撤下` : `这份原文自 ${since} 起在公示日志第 ${index + 1} 条`;
        say("ok", `一致：${state}`, `${what}　${took}`);
      } else {
        mark(3, [...said, "没有核对"]);
        const root = btoa(String.fromCharCode(...checkpoint.root));
        say("half", "只能说明前后一致，没有核对签名", `对照三行：${checkpoint.origin}　${checkpoint.size}　${root}　${what}`);
      }
    } catch (error) {
      if (!(error instanceof PUB1.Fault)) throw error;
      mark(ROW_OF[error.code], { failed: true });
      const advice = error.code === "E_SYNTAX" ? "从公示页重新下载两个文件，不打开直接核验。" : "先确认两个文件从同一个公示页下载；仍然对不上的，保存这两个文件，联系市执法队。";
      say("bad", `对不上：${error.sentence}（${error.code}）`, `${error.where ? `${error.where}。` : ""}${advice}`);
    }
  }

  async function fetched(kind) {
    const answer = await fetch(panel.dataset[kind], { credentials: "omit", cache: "no-cache" });
    if (!answer.ok) throw new Error(String(answer.status));
    take(panel.dataset[kind].split("/").slice(-2).join("-"), new Uint8Array(await answer.arrayBuffer()));
  }

  async function press() {
    if (panel.dataset.text && !files.text && !files.proof) {
      try {
        await fetched("text");
        await fetched("proof");
      } catch (error) {
        say("wait", "没有下载成", `原文已撤下的不再提供；持有原文的，凭证仍可核验（${error.message}）`);
        return;
      }
    }
    await check();
  }

  part("files").hidden = false;
  part("go").addEventListener("click", press);
  for (const input of Object.values(inputs)) input.addEventListener("change", () => read(input.files));
  panel.addEventListener("dragover", (event) => event.preventDefault());
  panel.addEventListener("drop", async (event) => {
    event.preventDefault();
    await read(event.dataTransfer.files);
    await check();
  });
  if (panel.dataset.text) press();
})();
