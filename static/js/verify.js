// 核验栏（ui.md 4.12）：取证据包，逐行交给 /verify/ssj1.js 重算。没有脚本时是同样几行文字和下载。
(() => {
  "use strict";
  const panel = document.querySelector("[data-verify]");
  if (!panel || !window.SSJ1) return;
  const part = (name) => panel.querySelector(`[data-verify-${name}]`);
  const go = part("go");
  const chooser = part("file");
  const verdict = part("verdict");
  const warnings = part("warnings");
  const rows = new Map([...panel.querySelectorAll("[data-row]")].map((row) => [row.dataset.row, row]));
  const list = (numbers) => numbers.join("、");

  const ofCategory = (strata, wanted) => strata.filter(({ category }) => category === wanted).map(({ K }) => K);

  // 通过的一行，右边写什么
  const SAID = {
    frames: ({ frames }) => `${frames} 份一致`,
    quotas: ({ strata }) => `${["key", "general", "special"].flatMap((c) => ofCategory(strata, c)).join(" + ")} 家`,
    random: () => "相符",
    picks: ({ picks }) => `${picks} / ${picks} 相同`,
    teams: ({ teams }) => `${teams} / ${teams} 相同`,
    amends: ({ amends }) => (amends ? `${amends} 次相符` : ""),
    abort: () => "相符",
    chain: ({ entries }) => `第 ${list(entries)} 条相接`,
  };

  // 失败的代码属于哪一行
  function rowOf(error, step, passed) {
    if (error === "E_COMMIT" && rows.has("abort") && !rows.has("picks")) return "abort";
    if (error === "E_LEVEL" || error === "E_TEAM") return "teams";
    if (error === "E_SLIPS") return rows.has("amends") && passed.has("teams") ? "amends" : "teams";
    const row = { V8: "quotas", V9: "random", V10: "random", V11: "picks", V12: "amends", "V10′": "abort", V13: "chain" };
    const found = row[step] || "frames";
    return rows.has(found) ? found : [...rows.keys()].find((name) => !passed.has(name));
  }

  function mark(name, state, text) {
    const row = rows.get(name);
    if (!row) return;
    const said = row.querySelector(".res");
    row.className = state;
    said.className = `res ${{ ok: "grn", no: "red" }[state] || "mut"}`;
    said.textContent = text;
  }

  function begin() {
    verdict.hidden = true;
    warnings.hidden = true;
    warnings.textContent = "";
    for (const [name, row] of rows) mark(name, "", "later" in row.dataset ? row.dataset.without : "待核验");
    if (!go) return;
    go.setAttribute("aria-disabled", "true");
    go.textContent = "正在核验…";
  }

  function end(good, text, small) {
    verdict.className = good ? "verdict" : "verdict bad";
    const icon = verdict.querySelector("use");
    icon.setAttribute("href", icon.getAttribute("href").replace(/#.*/, good ? "#check" : "#warn"));
    part("text").textContent = text;
    part("took").textContent = small;
    verdict.hidden = false;
    if (!go) return;
    go.removeAttribute("aria-disabled");
    go.textContent = "再核验一次";
  }

  function warn(lines) {
    for (const line of lines) {
      const item = document.createElement("p");
      item.className = "amb";
      item.textContent = line;
      warnings.append(item);
    }
    warnings.hidden = !lines.length;
  }

  const NOTHING_SENT = "没有向任何服务器发送数据。";

  function agree({ warnings: codes, facts }, took) {
    const sealed = codes.includes("W_SEALED");
    // 封存的证据包里没有更换，不等于没有更换过。
    if (sealed) mark("amends", "", "名单公开后可以核验");
    let text = `核验一致：${facts.picks} 家抽中企业与公布结果完全相同`;
    if (sealed) text = "核验一致：已公开的部分没有被改动";
    else if (!facts.tickets) text = "核验一致：本次抽取已经作废，作废符合规则";
    const counted = facts.tickets ? `这台设备重算了 ${facts.tickets} 个签号，用时 ${took} 毫秒。` : `用时 ${took} 毫秒。`;
    end(true, text, counted + NOTHING_SENT);
    const values = facts.values.filter(({ value }) => value !== null);
    warn([
      ...codes.map((code) => SSJ1.warningSentence(code, facts)),
      ...(chooser ? [`抽取编号 ${facts.draw}`, ...values.map(({ label, value }) => `${label}：${value}`)] : []),
      ...(chooser && facts.head ? [`公示链末端 ${facts.head}`] : []),
    ]);
  }

  function differ({ error, step, sentence, where }, passed) {
    const failing = rowOf(error, step, passed);
    for (const name of rows.keys()) {
      if (name === failing) mark(name, "no", "不一致");
      else if (!passed.has(name)) mark(name, "", "未核验");
    }
    end(false, `核验不一致：${sentence}`, `保存本页并联系市执法队。代码 ${error}${where ? `；${where}` : ""}`);
  }

  // 选来的文件不是证据包，不是核验不一致：不让人白白惊慌
  function isNone(text) {
    return !panel.dataset.bundle && !text.includes("SSJ1-BUNDLE");
  }

  async function verify(text) {
    if (isNone(text)) {
      if (go) {
        go.removeAttribute("aria-disabled");
        go.textContent = "再核验一次";
      }
      return warn(["这不是证据包，没有核验。证据包在每次抽取的公示页和本页下载，扩展名是 json。"]);
    }
    const passed = new Set();
    const onPassed = (name, facts) => {
      passed.add(name);
      if (rows.has(name)) mark(name, "ok", SAID[name](facts) || rows.get(name).dataset.without);
    };
    const started = performance.now();
    let report;
    const history = readHistory(text);
    if (history) report = await SSJ1.checkHistoryInSlices(history.chain, history.bundles, history.carry);
    else report = await SSJ1.verifyTextInSlices(text, { onPassed });
    const took = Math.max(1, Math.round(performance.now() - started));
    if (!report.ok) return differ(report, passed);
    if (history) {
      for (const name of rows.keys()) mark(name, "", "");
      const { entries, bundles, head } = report.facts;
      end(true, `核验一致：公示链 ${entries} 条、证据包 ${bundles} 个，前后相符`, `用时 ${took} 毫秒。${NOTHING_SENT}`);
      return warn([`公示链末端 ${head}`]);
    }
    if (panel.dataset.draw && report.facts.draw !== panel.dataset.draw) {
      return differ({ error: "E_DRAW", step: "V3", sentence: "这份证据包属于别的抽取", where: report.facts.draw }, passed);
    }
    for (const [name, row] of rows) if (!passed.has(name)) mark(name, "", row.dataset.without);
    return agree(report, took);
  }

  // 年度证据包：公示链和全部证据包在一个文件里
  function readHistory(text) {
    if (panel.dataset.bundle) return null;
    try {
      const box = SSJ1.readJson(text);
      return box && box.chain && box.bundles && !("format" in box) ? { carry: null, ...box } : null;
    } catch (error) {
      return null;
    }
  }

  async function press() {
    if (go.getAttribute("aria-disabled") === "true") return;
    begin();
    try {
      const answer = await fetch(panel.dataset.bundle, { credentials: "omit", cache: "no-cache" });
      if (!answer.ok) throw new Error(String(answer.status));
      await verify(decode(await answer.arrayBuffer()));
    } catch (error) {
      end(false, "没有核验成", `证据包没有下载完整，或这台设备的浏览器太旧。再试一次，或下载证据包和核验程序离线复算（${error.message}）。`);
    }
  }

  function decode(bytes) {
    try {
      return new TextDecoder("utf-8", { ignoreBOM: true, fatal: true }).decode(bytes);
    } catch (error) {
      return ""; // 不是 UTF-8 的文件：读作空文件，报“证据包格式不对”
    }
  }

  async function read(file) {
    if (!file) return;
    begin();
    await verify(decode(await file.arrayBuffer()));
  }

  if (go) {
    go.hidden = false;
    go.addEventListener("click", press);
  }
  if (chooser) {
    chooser.hidden = false;
    chooser.querySelector("input").addEventListener("change", (event) => read(event.target.files[0]));
    panel.addEventListener("dragover", (event) => event.preventDefault());
    panel.addEventListener("drop", (event) => {
      event.preventDefault();
      read(event.dataTransfer.files[0]);
    });
  }
})();
