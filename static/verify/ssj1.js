// SSJ1：任何人都可以核验的抽取。不依赖任何别的程序，自带 SHA-256，在浏览器和 Node 里都能运行。
//
// 这是按公开的规范另写的第二份实现：系统用 ssj1.py 抽取，这里只拿规范和证据包重新算一遍。
// 次序与规范相同：§1 类型和指纹 … §13 整条公示链；下文的 § 都指规范的章节。
//
//   SSJ1.verify(bundle)                 核验一个证据包（§12），返回 {ok, error, step, sentence, where, warnings, facts}
//   SSJ1.verifyInSlices(bundle, {…})    同样的核验，每 50 毫秒把浏览器还给页面；返回 Promise
//   SSJ1.verifyText(text)、verifyTextInSlices(text, {…})   从文件的文字开始，先按 JSON 严格读取
//   SSJ1.checkHistory(chain, bundles, carry)               核验整条公示链（§13）
//   SSJ1.ticket(seed, stratum, id)      算一家企业的签号（§6.1）
//   SSJ1.runVector(kind, input)         测试向量（§16.2）
//
//   node ssj1.js verify 证据包.json      node ssj1.js history 年度证据包.json      node ssj1.js ticket 种子 名单 编号

(function (root) {
  "use strict";

  // ---------------------------------------------------------------------------------------------------------
  // 哪里可能不对（§12、§13）：代码 → [步骤, 一句话]
  // ---------------------------------------------------------------------------------------------------------

  const FAULTS = {
    E_FORMAT: ["V1", "证据包格式不对"],
    E_SYNTAX: ["V2", "第{doc}份文书有不合规范的内容"],
    E_DRAW: ["V3", "文书不属于本次抽取"],
    E_PARAM: ["V4", "参数超出规定范围：{name}"],
    E_STRATA: ["V5", "名单与计划不对应"],
    E_FRAME_DIGEST: ["V6", "名单在封存后被改动：{stratum}"],
    E_FRAME_ORDER: ["V6", "名单顺序不对或有重复"],
    E_FRAME_RULE: ["V6", "名单中该企业的状态自相矛盾：{id}"],
    E_DUP_OBJECT: ["V6", "同一企业出现在两份名单：{id}"],
    E_ROSTER_DIGEST: ["V7", "检查人员名录在封存后被改动"],
    E_ROSTER_ORDER: ["V7", "检查人员名录顺序不对或有重复"],
    E_ROSTER_REF: ["V7", "回避表引用了不存在的人员"],
    E_COUNT: ["V8", "名单家数与封存数字不符：{stratum}"],
    E_QUOTA: ["V8", "应抽家数计算不对：{stratum}"],
    E_SOURCE: ["V9", "公开随机来源不足"],
    E_SOURCE_TIME: ["V9", "随机来源在封存之前就已产生"],
    E_SEED_LINK: ["V10", "种子不是为这份封存清单产生的"],
    E_COMMIT: ["V10", "密封随机数与封存时公布的指纹不符"],
    E_VALUE: ["V10", "公开随机结果填写不合规范：{label}"],
    E_RESULT_LINK: ["V11", "结果不是由这枚种子得出"],
    E_RESULT_TIME: ["V11", "抽取时间早于随机来源产生时间"],
    E_PICK: ["V11", "中签企业与重算结果不符：{id}"],
    E_LEVEL: ["V11", "任务上限与重算结果不符"],
    E_TEAM: ["V11", "检查小组与重算结果不符：{id}"],
    E_AMEND_LINK: ["V12", "变更记录前后不衔接"],
    E_AMEND_TIME: ["V12", "变更时间倒置"],
    E_AMEND_REQUEST: ["V12", "变更申请的对象或人员不在名单中"],
    E_AMEND_OUTCOME: ["V12", "替换结果与重算不符"],
    E_SLIPS: ["V12", "到访凭证与重算不符"],
    E_ABORT_LINK: ["V10′", "作废记录与封存清单不符"],
    E_ABORT_TIME: ["V10′", "作废时间早于封存时间"],
    E_ABORT_MISSING: ["V10′", "作废记录所列未开出的来源不对"],
    E_ABORT_LATE: ["V10′", "结果已经确定，不得作废重抽"],
    E_CHAIN_LINK: ["V13", "公示链断裂：第{n}条"],
    E_CHAIN_TIME: ["V13", "公示链时间倒置"],
    E_CHAIN_DOC: ["V13", "公示链与文书不一致"],
    E_HISTORY: ["H4", "名单中的已查次数、已查标记与历次公开结果不符"],
  };

  const WARNINGS = {
    W_RATIO: "可抽的企业太少，本季度应抽家数没有抽足",
    W_SECRET_LOST: "密封随机数已经遗失，没有公开",
    W_SOURCE_MISSING: "有事先公告的随机来源没有按期开出",
    W_SEALED: "名单尚未公开，现在只能核验封存的部分",
    W_CORRECTED: "公开随机结果曾经录错，已按原封存清单更正",
    W_LATE_DRAW: "抽取晚于本季度首月10日",
    W_OPEN: "有企业没有配齐检查小组",
    W_VACANT: "有名额没有企业可以递补",
    W_NO_CHAIN: "证据包里没有公示链，无法核对封存和抽取的时间",
  };

  class Fault extends Error {
    constructor(code, where, names) {
      const [step, pattern] = FAULTS[code];
      const sentence = pattern.replace(/\{(\w+)\}/g, (_, name) => (names && name in names ? names[name] : ""));
      super(sentence);
      this.code = code;
      this.step = step;
      this.sentence = sentence;
      this.where = where || "";
    }
  }

  // ---------------------------------------------------------------------------------------------------------
  // §1.1、§1.5 字节和指纹：SHA-256（FIPS 180-4）
  // ---------------------------------------------------------------------------------------------------------

  const ROUND = new Int32Array([
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
  ]);
  const START = [
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  ];
  const SCHEDULE = new Int32Array(64);

  function compress(state, bytes, at) {
    const w = SCHEDULE;
    for (let t = 0; t < 16; t++, at += 4) {
      w[t] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (let t = 16; t < 64; t++) {
      const x = w[t - 15];
      const y = w[t - 2];
      const small0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const small1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[t] = (w[t - 16] + small0 + w[t - 7] + small1) | 0;
    }
    let a = state[0], b = state[1], c = state[2], d = state[3];
    let e = state[4], f = state[5], g = state[6], h = state[7];
    for (let t = 0; t < 64; t++) {
      const big1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = (h + big1 + (g ^ (e & (f ^ g))) + ROUND[t] + w[t]) | 0;
      const big0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const two = (big0 + ((a & b) | (c & (a | b)))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0;
      d = c; c = b; b = a; a = (one + two) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d;
    state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  }

  class Sha256 {
    constructor() {
      this.state = new Int32Array(START);
      this.tail = new Uint8Array(64);
      this.kept = 0; // 尾部还没有压缩的字节数
      this.length = 0;
    }

    // 从另一个算到一半的开始：同一开头的许多行，开头只算一次
    resume(other) {
      this.state.set(other.state);
      this.tail.set(other.tail);
      this.kept = other.kept;
      this.length = other.length;
      return this;
    }

    add(bytes, from, to) {
      this.length += to - from;
      while (from < to) {
        if (this.kept === 0 && to - from >= 64) {
          compress(this.state, bytes, from);
          from += 64;
          continue;
        }
        this.tail[this.kept++] = bytes[from++];
        if (this.kept === 64) {
          compress(this.state, this.tail, 0);
          this.kept = 0;
        }
      }
      return this;
    }

    // 八个 32 位的字；用过以后只能 resume
    finish() {
      const tail = this.tail;
      let at = this.kept;
      tail[at++] = 0x80;
      if (at > 56) {
        tail.fill(0, at);
        compress(this.state, tail, 0);
        at = 0;
      }
      tail.fill(0, at);
      const high = Math.floor(this.length / 0x20000000);
      const low = (this.length << 3) >>> 0;
      for (let i = 0; i < 4; i++) {
        tail[56 + i] = high >>> (24 - 8 * i);
        tail[60 + i] = low >>> (24 - 8 * i);
      }
      compress(this.state, tail, 0);
      return this.state;
    }
  }

  const UTF8 = new TextEncoder();

  function hex(words, from) {
    let text = "";
    for (let i = from; i < from + 8; i++) text += (words[i] >>> 0).toString(16).padStart(8, "0");
    return text;
  }

  // H(s)：一行文字的 UTF-8 字节的 SHA-256
  function H(text) {
    const bytes = UTF8.encode(text);
    return hex(new Sha256().add(bytes, 0, bytes.length).finish(), 0);
  }

  // 一份文书的指纹，就是 sha256sum 对它的文件给出的；长的分段算
  const STRETCH = 1 << 20;
  function* digestOf(text) {
    const bytes = UTF8.encode(text);
    const sha = new Sha256();
    for (let from = 0; from < bytes.length; from += STRETCH) {
      sha.add(bytes, from, Math.min(from + STRETCH, bytes.length));
      yield;
    }
    return hex(sha.finish(), 0);
  }

  function digest(text) {
    return run(digestOf(text));
  }

  // 各处可以歇一歇的计算写成生成器：run 一口气算完，slices 每 50 毫秒让一次
  function run(generator) {
    for (;;) {
      const step = generator.next();
      if (step.done) return step.value;
    }
  }

  function slices(generator, options) {
    const sliceMs = (options && options.sliceMs) || 50;
    const onPassed = (options && options.onPassed) || (() => {});
    return new Promise((resolve, reject) => {
      function slice() {
        const until = Date.now() + sliceMs;
        try {
          do {
            const step = generator.next();
            if (step.done) return resolve(step.value);
            if (step.value) {
              onPassed(step.value.passed, step.value.facts);
              break; // 让页面先把这一行画出来
            }
          } while (Date.now() < until);
        } catch (error) {
          return reject(error);
        }
        setTimeout(slice, 0);
      }
      slice();
    });
  }

  // 六种算指纹的行（§1.5）
  const commitLine = (draw, secret) => `SSJ1|C|${draw}|${secret}`;
  const ticketLine = (tag, seed, a, b) => `SSJ1|${tag}|${seed}|${a}|${b}`;
  const saltLine = (draw, secret, id) => `SSJ1|S|${draw}|${secret}|${id}`;
  function slipLine(draw, secret, id, leader, members) {
    return `SSJ1|V|${draw}|${id}|${leader}|${members.join(",")}|${H(saltLine(draw, secret, id))}`;
  }

  function ticket(seed, stratum, id) {
    return H(ticketLine("T", seed, stratum, id));
  }

  // ---------------------------------------------------------------------------------------------------------
  // §1.2、§1.3 类型和不许出现的字符
  // ---------------------------------------------------------------------------------------------------------

  const FORBIDDEN =
    "\\u{0}-\\u{1F}\\u{7F}-\\u{A0}\\u{AD}\\u{34F}\\u{61C}\\u{115F}-\\u{1160}\\u{1680}\\u{17B4}-\\u{17B5}" +
    "\\u{180B}-\\u{180F}\\u{2000}-\\u{200F}\\u{2028}-\\u{202F}\\u{205F}-\\u{206F}\\u{3164}\\u{D800}-\\u{DFFF}" +
    "\\u{FDD0}-\\u{FDEF}\\u{FE00}-\\u{FE0F}\\u{FEFF}\\u{FFA0}\\u{FFF0}-\\u{FFFF}\\u{E0000}-\\u{E0FFF}" +
    Array.from({ length: 17 }, (_, plane) => {
      const last = plane.toString(16).replace(/^0$/, "");
      return `\\u{${last}FFFE}-\\u{${last}FFFF}`;
    }).join("");
  const CODE = "[0-9A-Z][0-9A-Z_-]{0,31}";

  const matches = (pattern) => (text) => pattern.test(text);
  const oneOf = (words) => {
    const set = new Set(words.split(" "));
    return (text) => set.has(text);
  };
  const isAscii = (text) => /^[\0-\x7F]*$/.test(text);
  const isNormal = (text) => isAscii(text) || text.normalize("NFC") === text;

  const idShape = new RegExp(`^[^ ,|\\u{3000}${FORBIDDEN}]{1,64}$`, "u");
  const textShape = new RegExp(`^[^${FORBIDDEN}]{1,200}$`, "u");
  const codesShape = new RegExp(`^${CODE}(?:,${CODE})*$`);

  const isId = (text) => idShape.test(text) && text !== "-" && isNormal(text);
  const isText = (text) => textShape.test(text) && !/^[ \u3000]|[ \u3000]$/.test(text) && isNormal(text);
  const isCodes1 = (text) => codesShape.test(text) && ascends(text.split(","));

  function isDate(text) {
    if (!/^[12]\d{3}-\d\d-\d\d$/.test(text)) return false;
    const year = +text.slice(0, 4);
    const month = +text.slice(5, 7);
    const day = +text.slice(8);
    const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
  }

  const TYPES = {
    INT: matches(/^(?:0|[1-9]\d{0,8})$/),
    HEX: matches(/^[0-9a-f]{64}$/),
    CODE: matches(new RegExp(`^${CODE}$`)),
    CODES1: isCodes1,
    CODES: (text) => text === "-" || isCodes1(text),
    CAT: oneOf("key general special"),
    STRATUM: matches(new RegExp(`^${CODE}\\.(?:key|general|special)$`)),
    DRAWID: matches(/^[0-9A-Z]{1,16}-[12]\d{3}Q[1-4]-\d\d$/),
    DATE: isDate,
    TIME: (text) => isDate(text.slice(0, 10)) && /^T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\+08:00$/.test(text.slice(10)),
    YEAR: matches(/^[12]\d{3}$/),
    ID: isId,
    IDS: (text) => text.split(",").every(isId) && ascends(text.split(",")),
    TEXT: isText,
    BIT: oneOf("0 1"),
    MODE: oneOf("onsite offsite"),
    OSTATE: oneOf("in out:CLOSED out:MOVED out:HALT out:POSITIVE out:CAP out:SEEN out:NOW out:JOINT out:LAW"),
    ISTATE: oneOf("in out:LEAVE out:POST out:DUTY out:NOCERT"),
    BAR: oneOf("RECUSE ROTATE ORDER"),
    KIND: oneOf("LOTTERY DIGITS DICE BEACON"),
    VALUE: matches(/^[0-9a-f,+]{1,400}$/),
    SLOT: oneOf("R F"),
    OPEN: oneOf("FEW NOLEAD CAP"),
    DROPOBJ: oneOf("CLOSED MOVED HALT RECUSE ORDER NOTDONE"),
    DROPINSP: oneOf("RECUSE LEAVE DUTY NOCERT"),
    QUARTER: oneOf("1 2 3 4"),
    CKIND: oneOf("CARRY FREEZE RESULT AMEND SLIPS ABORT"),
  };

  function typeCheck(name) {
    if (!name.endsWith("?")) return TYPES[name];
    const inner = TYPES[name.slice(0, -1)];
    return (text) => text === "-" || inner(text);
  }

  // ---------------------------------------------------------------------------------------------------------
  // §1.4 次序：按 UTF-8 字节，也就是按码点；不是 JavaScript 的 <（那是按 UTF-16）
  // ---------------------------------------------------------------------------------------------------------

  function compare(one, other) {
    const length = Math.min(one.length, other.length);
    for (let i = 0; i < length; i++) {
      const a = one.charCodeAt(i);
      const b = other.charCodeAt(i);
      // 代理项是 U+10000 以上的半个，排在 U+E000—U+FFFF 之后
      if (a !== b) return (a >= 0xd800 && a < 0xe000 ? a + 0x10000 : a) - (b >= 0xd800 && b < 0xe000 ? b + 0x10000 : b);
    }
    return one.length - other.length;
  }

  function compareLists(one, other) {
    for (let i = 0; i < Math.min(one.length, other.length); i++) {
      const order = compare(one[i], other[i]);
      if (order) return order;
    }
    return one.length - other.length;
  }

  const by = (key) => (one, other) => compare(key(one), key(other));

  function ascends(list) {
    for (let i = 1; i < list.length; i++) if (compare(list[i - 1], list[i]) >= 0) return false;
    return true;
  }

  // ---------------------------------------------------------------------------------------------------------
  // §2 文书的写法，以及严格的读法
  // ---------------------------------------------------------------------------------------------------------

  const INSP = "ID TEXT TEXT DATE CODES1 CODES BIT INT INT? ISTATE";
  const TASKS = "0+ team ID ID IDS | open ID OPEN INT INT INT INT INT INT";
  const GRAMMAR = {
    FRAME: ["1 draw DRAWID", "1 stratum CODE CAT", "0+ obj ID TEXT CODES MODE INT BIT OSTATE"],
    ROSTER: ["1 draw DRAWID", `0+ insp ${INSP}`, "0+ bar ID ID BAR"],
    MANIFEST: [
      "1 draw DRAWID", "1 prev INT HEX", "1 frozen TIME", "1 release TIME", "1 window DATE DATE", "1 items CODES1",
      "1 cap INT", "1 team INT", "1+ stratum STRATUM HEX INT INT YEAR? INT INT INT INT INT INT INT", "1 roster HEX",
      "1 commit HEX", "1+ source KIND TEXT TIME",
    ],
    SEED: ["1 draw DRAWID", "1 manifest HEX", "1 secret HEX", "1+ value KIND VALUE"],
    RESULT: [
      "1 draw DRAWID", "1 manifest HEX", "1 seed HEX", "1 drawn TIME", "0+ pick STRATUM INT ID SLOT HEX",
      "1 level INT", TASKS,
    ],
    AMEND: [
      "1 draw DRAWID", "1 number INT", "1 after HEX", "1 at TIME", "1 approve TEXT TEXT",
      "0+ dropobj STRATUM ID DROPOBJ", "0+ dropinsp ID ID DROPINSP", `0+ join ${INSP}`,
      "0+ addobj STRATUM ID SLOT HEX", "0+ vacant STRATUM INT", "1 level INT", TASKS,
    ],
    ABORT: [
      "1 draw DRAWID", "1 manifest HEX", "1 at TIME", "1 approve TEXT TEXT", "1 reason TEXT", "1 secret HEX?",
      "0+ missing INT",
    ],
    SLIPS: ["1 draw DRAWID", "1 after HEX", "0+ slip HEX"],
    CHAIN: ["1 seq INT", "1 prev HEX", "1 kind CKIND", "1 draw DRAWID?", "1 doc HEX", "1 at TIME"],
    CARRY: ["1 at TIME", "0+ old ID YEAR QUARTER CODES1"],
  };

  const RULES = {};
  for (const kind of Object.keys(GRAMMAR)) {
    RULES[kind] = GRAMMAR[kind].map((position) => {
      const count = position.slice(0, position.indexOf(" "));
      const tags = new Map();
      for (const line of position.slice(count.length + 1).split(" | ")) {
        const [tag, ...types] = line.split(" ");
        tags.set(tag, types.map(typeCheck));
      }
      return { tags, required: count !== "0+", once: count === "1" };
    });
  }

  const malformed = (where) => new Fault("E_SYNTAX", where);

  function checkFields(kind, number, tag, fields, types) {
    if (fields.length !== types.length) throw malformed(`${kind} 第 ${number} 行（${tag}）应有 ${types.length} 栏`);
    for (let i = 0; i < types.length; i++) {
      if (!types[i](fields[i])) throw malformed(`${kind} 第 ${number} 行（${tag}）第 ${i + 1} 栏不合规范`);
    }
  }

  // 返回 §2 每个位置上的行，每行是它的各栏；[team | open] 的行连同标签
  function* parse(kind, text) {
    const lines = text.split("\n");
    if (lines.pop() !== "") throw malformed(`${kind} 最后一行没有以换行结束`);
    if (lines[0] !== `SSJ1 ${kind}`) throw malformed(`${kind} 第 1 行应为 SSJ1 ${kind}`);
    if (lines.length < 2 || lines[lines.length - 1] !== `end\t${lines.length - 2}`) {
      throw malformed(`${kind} 最后一行所记行数与实际不符`);
    }
    const rules = RULES[kind];
    const found = rules.map(() => []);
    let at = 0;
    for (let n = 1; n < lines.length - 1; n++) {
      const fields = lines[n].split("\t");
      const tag = fields.shift();
      while (!rules[at].tags.has(tag) || (rules[at].once && found[at].length)) {
        if ((rules[at].required && !found[at].length) || at + 1 === rules.length) {
          throw malformed(`${kind} 第 ${n + 1} 行不是此处应有的内容`);
        }
        at++;
      }
      checkFields(kind, n + 1, tag, fields, rules[at].tags.get(tag));
      found[at].push(rules[at].tags.size > 1 ? [tag, ...fields] : fields);
      if (n % 512 === 0) yield;
    }
    if (rules.some((rule, i) => rule.required && !found[i].length)) throw malformed(`${kind} 不完整，缺少应有的行`);
    return found;
  }

  function compose(kind, lines) {
    const body = lines.map((line) => line.join("\t"));
    return [`SSJ1 ${kind}`, ...body, `end\t${body.length}`].join("\n") + "\n";
  }

  // 写好以后再读一遍：读不出来的，也不写
  function write(kind, lines) {
    const text = compose(kind, lines);
    run(parse(kind, text));
    return text;
  }

  const tagged = (tag, lines) => lines.map((line) => [tag, ...line]);
  const splitCodes = (field) => (field === "-" ? [] : field.split(","));

  function readRow(fields) {
    return {
      fields,
      id: fields[0],
      scopes: splitCodes(fields[2]),
      mode: fields[3],
      times: +fields[4],
      seen: fields[5] === "1",
      state: fields[6],
    };
  }

  function readInspector(fields) {
    return {
      fields,
      code: fields[0],
      until: fields[3],
      units: splitCodes(fields[4]),
      scopes: splitCodes(fields[5]),
      lead: fields[6] === "1",
      base: +fields[7],
      cap: fields[8] === "-" ? null : +fields[8],
      state: fields[9],
    };
  }

  function readDrawId(text) {
    const [unit, quarter, serial] = text.split("-");
    return { unit, year: +quarter.slice(0, 4), quarter: +quarter.slice(5), serial: +serial };
  }

  const READERS = {
    *FRAME(text) {
      const [[[draw]], [[unit, category]], rows] = yield* parse("FRAME", text);
      return { draw, unit, category, stratum: `${unit}.${category}`, rows: rows.map(readRow) };
    },
    *ROSTER(text) {
      const [[[draw]], inspectors, bars] = yield* parse("ROSTER", text);
      return { draw, inspectors: inspectors.map(readInspector), bars };
    },
    *MANIFEST(text) {
      const found = yield* parse("MANIFEST", text);
      const [[[draw]], [prev], [[frozen]], [[release]], [window], [[items]], [[cap]], [[team]]] = found;
      const [strata, [[roster]], [[commit]], sources] = found.slice(8);
      return {
        draw, prev: [+prev[0], prev[1]], frozen, release, window, items: items.split(","), cap: +cap, team: +team,
        strata: strata.map(([stratum, frame, bp, v, E, P, plan, N, A, U, K, u]) => ({
          stratum, frame, category: stratum.slice(stratum.indexOf(".") + 1), bp: +bp, v: +v,
          E: E === "-" ? null : +E, P: +P, plan: +plan, N: +N, A: +A, U: +U, K: +K, u: +u,
        })),
        roster, commit,
        sources: sources.map(([kind, label, due]) => ({ kind, label, due })),
      };
    },
    *SEED(text) {
      const [[[draw]], [[manifest]], [[secret]], values] = yield* parse("SEED", text);
      return { draw, manifest, secret, values };
    },
    *RESULT(text) {
      const [[[draw]], [[manifest]], [[seed]], [[drawn]], picks, [[level]], tasks] = yield* parse("RESULT", text);
      return { draw, manifest, seed, drawn, picks, level, tasks };
    },
    *AMEND(text) {
      const [[[draw]], [[number]], [[after]], [[at]], [approve], dropobj, dropinsp, join, addobj, vacant, , tasks] =
        yield* parse("AMEND", text);
      return { draw, number: +number, after, at, approve, dropobj, dropinsp, join, addobj, vacant, tasks };
    },
    *ABORT(text) {
      const [[[draw]], [[manifest]], [[at]], [approve], [[reason]], [[secret]], missing] = yield* parse("ABORT", text);
      return {
        draw, manifest, at, approve, reason, secret: secret === "-" ? null : secret,
        missing: missing.map(([place]) => +place),
      };
    },
    *SLIPS(text) {
      const [[[draw]], [[after]], slips] = yield* parse("SLIPS", text);
      return { draw, after, slips: slips.map(([slip]) => slip) };
    },
    *CHAIN(text) {
      const [[[seq]], [[prev]], [[kind]], [[draw]], [[doc]], [[at]]] = yield* parse("CHAIN", text);
      return { seq: +seq, prev, kind, draw: draw === "-" ? null : draw, doc, at };
    },
    *CARRY(text) {
      const [[[at]], old] = yield* parse("CARRY", text);
      for (let i = 1; i < old.length; i++) {
        if (compareLists(old[i - 1], old[i]) > 0) throw malformed("CARRY 各行没有按顺序排列");
      }
      return {
        at,
        old: old.map(([id, year, quarter, items]) => ({ id, year: +year, quarter: +quarter, items: items.split(",") })),
      };
    },
  };

  // ---------------------------------------------------------------------------------------------------------
  // §3 名单
  // ---------------------------------------------------------------------------------------------------------

  // §3.4：一行为什么自相矛盾；没有矛盾则为空
  function whyNotRow(row, category, cap) {
    if (category === "special") {
      if (row.seen) return "特殊监管对象不记已查标记";
      if (row.state === "out:CAP" || row.state === "out:SEEN") return "特殊监管对象没有次数上限，也没有周期";
    } else {
      if (row.times >= 1 && !row.seen) return "本年已查过，却没有已查标记";
      if (row.state === "in" && row.times >= cap) return "已达年度次数上限，仍列为参加抽取";
      if (row.state === "out:CAP" && row.times < cap) return "没有达到年度次数上限，却以此为由不参加抽取";
      if (row.state === "out:SEEN" && !row.seen) return "没有已查标记，却以已查为由不参加抽取";
    }
    if (row.state === "out:POSITIVE" && row.mode !== "offsite") return "正面清单企业的检查方式应为非现场";
    return "";
  }

  function checkFrame(frame, cap) {
    for (let i = 1; i < frame.rows.length; i++) {
      if (compare(frame.rows[i - 1].id, frame.rows[i].id) >= 0) {
        throw new Fault("E_FRAME_ORDER", `名单 ${frame.stratum} 中的 ${frame.rows[i].id}`);
      }
    }
    for (const row of frame.rows) {
      const reason = whyNotRow(row, frame.category, cap);
      if (reason) throw new Fault("E_FRAME_RULE", `名单 ${frame.stratum}：${reason}`, { id: row.id });
    }
  }

  // §3.6
  function counts(rows) {
    let N = 0, A = 0, U = 0;
    for (const { state, seen } of rows) {
      if (state !== "out:CLOSED" && state !== "out:MOVED") N++;
      if (state === "in") A++;
      if (state === "in" && !seen) U++;
    }
    return { N, A, U };
  }

  // ---------------------------------------------------------------------------------------------------------
  // §4 应抽家数
  // ---------------------------------------------------------------------------------------------------------

  // 整数除法，向下取整；这里的数都小于 2^53，没有小数参加运算
  const div = (a, b) => (a - (a % b)) / b;

  function quota({ year, quarter, category, bp, v, E, P, plan, N, A, U }) {
    const m1 = div(N * bp + 9999, 10000);
    let r = 0, m2 = 0, Q = m1, u = 0;
    if (category !== "special") {
      if (E === null || year > E) throw new Fault("E_PARAM", "", { name: "周期末年" });
      r = 4 * (E - year) + 5 - quarter;
      m2 = div(U + P + r - 1, r);
      Q = Math.max(m1, m2);
    }
    const K = Math.min(A, Math.max(Q - P, plan, 0));
    if (category !== "special") u = Math.min(U, K, Math.max(div(K * v, 100), U - (r - 1) * Q, 0));
    return { r, m1, m2, Q, K, u, short: Math.max(0, Q - P - K) };
  }

  // ---------------------------------------------------------------------------------------------------------
  // §5 公开随机结果和种子
  // ---------------------------------------------------------------------------------------------------------

  function isValue(kind, value) {
    if (kind === "DIGITS") return /^\d{7,40}$/.test(value);
    if (kind === "DICE") return /^[1-6]{10,100}$/.test(value);
    if (kind === "BEACON") return /^(?:[0-9a-f]{2}){16,128}$/.test(value);
    if (kind !== "LOTTERY") return false;
    const groups = value.split("+").map((group) => group.split(","));
    const numbers = groups.reduce((all, group) => all.concat(group), []);
    return (
      groups.length <= 2 && numbers.every((number) => /^\d\d$/.test(number)) && groups.every(ascends) &&
      numbers.length >= 6 && numbers.length <= 60
    );
  }

  // ---------------------------------------------------------------------------------------------------------
  // §6 签号和中签
  // ---------------------------------------------------------------------------------------------------------

  // 参加抽取的各行，按（签号, 编号）从小到大：{rows, order, words}；words 里每行八个字是它的签号
  function* rank(seed, stratum, rows) {
    const prefix = UTF8.encode(ticketLine("T", seed, stratum, ""));
    const begun = new Sha256().add(prefix, 0, prefix.length);
    const sha = new Sha256();
    const id = new Uint8Array(256);
    const words = new Int32Array(8 * rows.length);
    for (let i = 0; i < rows.length; i++) {
      const { written } = UTF8.encodeInto(rows[i].id, id);
      words.set(sha.resume(begun).add(id, 0, written).finish(), 8 * i);
      if (i % 1024 === 1023) yield;
    }
    const bySmaller = (a, b) => {
      for (let i = 0; i < 8; i++) {
        const one = words[8 * a + i] >>> 0;
        const other = words[8 * b + i] >>> 0;
        if (one !== other) return one - other;
      }
      return compare(rows[a].id, rows[b].id);
    };
    // 先按签号的第一个字节分成 256 堆，再一堆一堆排，排完一堆可以歇一歇
    const heaps = Array.from({ length: 256 }, () => []);
    for (let i = 0; i < rows.length; i++) heaps[words[8 * i] >>> 24].push(i);
    yield;
    const order = new Uint32Array(rows.length);
    let filled = 0;
    for (const heap of heaps) {
      order.set(heap.sort(bySmaller), filled);
      filled += heap.length;
      yield;
    }
    return { rows, order, words };
  }

  // §6.2：先取 u 个未查的，再从其余的里取够 K 个，合起来仍按签号排列
  function choose({ rows, order, words }, K, u, withdrawn) {
    const reserved = new Set();
    for (const i of order) {
      if (reserved.size === u) break;
      if (!rows[i].seen && !withdrawn.has(rows[i].id)) reserved.add(i);
    }
    const chosen = [];
    let due = reserved.size;
    let free = K - reserved.size;
    for (const i of order) {
      if (!due && free <= 0) break;
      const isReserved = reserved.has(i);
      if (!isReserved && (free <= 0 || withdrawn.has(rows[i].id))) continue;
      if (isReserved) due--;
      else free--;
      chosen.push({ row: rows[i], id: rows[i].id, slot: isReserved ? "R" : "F", ticket: hex(words, 8 * i) });
    }
    return chosen;
  }

  const byTicket = (one, other) =>
    one.ticket < other.ticket ? -1 : one.ticket > other.ticket ? 1 : compare(one.id, other.id);

  // ---------------------------------------------------------------------------------------------------------
  // §7 检查人员
  // ---------------------------------------------------------------------------------------------------------

  // §7.1：谁可以派往哪家。人员按代号排列，之后只用他们的位次
  class Pool {
    constructor(inspectors, until, bars, takenOut) {
      this.people = inspectors.slice().sort(by((person) => person.code));
      this.place = new Map(this.people.map((person, i) => [person.code, i]));
      this.until = until;
      this.takenOut = takenOut || new Set();
      this.barred = new Map();
      for (const [code, object] of bars) {
        if (!this.barred.has(object)) this.barred.set(object, new Set());
        this.barred.get(object).add(code);
      }
      this.known = new Map();
    }

    // {able: 五条都通过的人, failing: 各条分别拦下几人}
    allowed(object, unit, scopes) {
      const key = `${unit} ${scopes.join(",")}`;
      if (!this.known.has(key)) this.known.set(key, this.sortOut(unit, scopes));
      const { able, failing } = this.known.get(key);
      const barred = this.barred.get(object);
      if (!barred) return { able, failing: [...failing, 0] };
      const rest = able.filter((i) => !barred.has(this.people[i].code));
      return { able: rest, failing: [...failing, able.length - rest.length] };
    }

    sortOut(unit, scopes) {
      const able = [];
      const failing = [0, 0, 0, 0]; // out cert unit scope
      this.people.forEach((person, i) => {
        if (person.state !== "in" || this.takenOut.has(person.code)) failing[0]++;
        else if (person.until < this.until) failing[1]++;
        else if (!person.units.includes(unit)) failing[2]++;
        else if (!scopes.every((scope) => person.scopes.includes(scope))) failing[3]++;
        else able.push(i);
      });
      return { able, failing };
    }
  }

  // §7.2、§7.3 FEAS：始终保留一套完整的试派方案。fixed[o] 是已经定下的 X(o)，on[o] 是试派的 Y(o)；
  // 空出一个位置时，用宽度优先找一条增广路把它补上，找不到就说明配不齐
  class Staffing {
    constructor(size, lead, load, hard) {
      this.size = size;
      this.lead = lead;
      this.load = load;
      this.hard = hard;
      this.limit = Infinity;
      this.able = [];
      this.fixed = [];
      this.on = [];
      this.tasksOf = load.map(() => new Set());
      this.met = new Int32Array(load.length);
      this.search = 0;
    }

    busy(i) {
      return this.load[i] + this.tasksOf[i].size;
    }

    room(i) {
      return Math.min(this.hard[i], this.limit) - this.busy(i);
    }

    need(o) {
      return this.size - this.fixed[o].length;
    }

    put(i, o) {
      this.on[o].push(i);
      this.tasksOf[i].add(o);
    }

    take(i, o) {
      this.on[o].splice(this.on[o].indexOf(i), 1);
      this.tasksOf[i].delete(o);
    }

    // o 的下一个空位是否谁都能补；否则只能补能任组长的：小组里总要有一个
    anyone(o) {
      if (this.fixed[o].some((i) => this.lead[i])) return true;
      return this.on[o].filter((i) => !this.lead[i]).length < this.need(o) - 1;
    }

    refill(o) {
      const mark = ++this.search;
      const queue = [{ o, anyone: this.anyone(o), leaver: -1, next: null }];
      const visited = new Map([[o, queue[0].anyone ? 3 : 1]]); // 1：只补组长的位置去过，2：谁都能补的去过
      for (let head = 0; head < queue.length; head++) {
        const place = queue[head];
        const waiting = [];
        let ready = -1;
        for (const i of this.able[place.o]) {
          if (!place.anyone && !this.lead[i]) continue;
          if (this.fixed[place.o].includes(i) || this.on[place.o].includes(i)) continue;
          if (this.room(i) > 0) {
            if (ready < 0 || this.busy(i) < this.busy(ready)) ready = i;
          } else if (this.met[i] !== mark) {
            waiting.push(i);
          }
        }
        if (ready >= 0) {
          this.moveAlong(ready, place);
          return true;
        }
        for (const i of waiting) {
          this.met[i] = mark;
          for (const other of this.tasksOf[i]) {
            const been = visited.get(other) || 0;
            if (been & 2) continue;
            const anyone = !this.lead[i] || this.anyone(other);
            if (!anyone && been & 1) continue;
            visited.set(other, been | (anyone ? 3 : 1));
            queue.push({ o: other, anyone, leaver: i, next: place });
          }
        }
      }
      return false;
    }

    // 有空的人补上这个位置，离开这个位置的人去补下一个，直到最初的空位
    moveAlong(i, place) {
      for (;;) {
        this.put(i, place.o);
        if (place.leaver < 0) return;
        i = place.leaver;
        this.take(i, place.o);
        place = place.next;
      }
    }

    // 第二步：FEAS(S + o, ∞) 成立就收下 o，否则一切照旧
    takeOn(o, able, fixed) {
      this.able[o] = able;
      this.fixed[o] = fixed;
      this.on[o] = [];
      for (let n = this.need(o); n > 0; n--) {
        if (!this.refill(o)) {
          for (const i of this.on[o].slice()) this.take(i, o);
          return false;
        }
      }
      return true;
    }

    // 第三步：最小的 C，FEAS(S, C) 成立；没有位置要补则为 0
    *lower() {
      let low = 0;
      let high = 0;
      this.tasksOf.forEach((tasks, i) => {
        if (tasks.size) high = Math.max(high, this.busy(i));
      });
      while (high - low > 1) {
        const middle = low + div(high - low, 2);
        if (yield* this.press(middle)) high = middle;
        else low = middle;
      }
      yield* this.press(high);
      return high;
    }

    // 改派到谁都不超过 limit；做不到则一切照旧
    *press(limit) {
      const limitBefore = this.limit;
      const onBefore = this.on.map((people) => people.slice());
      const tasksBefore = this.tasksOf.map((tasks) => new Set(tasks));
      this.limit = limit;
      const vacated = [];
      this.tasksOf.forEach((tasks, i) => {
        for (const o of [...tasks].slice(0, Math.max(0, -this.room(i)))) {
          this.take(i, o);
          vacated.push(o);
        }
      });
      for (const o of vacated) {
        if (!this.refill(o)) {
          this.limit = limitBefore;
          this.on = onBefore;
          this.tasksOf = tasksBefore;
          return false;
        }
        yield;
      }
      return true;
    }

    // 第四步：把 i 定到 o 上，FEAS 仍成立则保留，否则一切照旧
    settle(i, o) {
      const provisional = this.on[o].includes(i);
      this.fixed[o].push(i);
      this.load[i]++;
      if (provisional) {
        this.take(i, o);
        return true;
      }
      const dropped = this.on[o][0];
      this.take(dropped, o);
      if (this.room(i) >= 0) return true;
      const other = this.tasksOf[i].values().next().value;
      this.take(i, other);
      if (this.refill(other)) return true;
      this.put(i, other);
      this.put(dropped, o);
      this.load[i]--;
      this.fixed[o].pop();
      return false;
    }
  }

  // 按 key（几个数）从小到大，相同的再按（签号, 代号）；签号到要用时才算
  function* ordered(candidates, key, ticketOf) {
    const keyed = candidates.map((i) => ({ i, key: key(i) }));
    const order = (one, other) => one.key.reduce((found, n, k) => found || n - other.key[k], 0);
    keyed.sort(order);
    for (let from = 0; from < keyed.length; ) {
      let to = from + 1;
      while (to < keyed.length && order(keyed[from], keyed[to]) === 0) to++;
      const group = keyed.slice(from, to).map(({ i }) => ({ i, ticket: ticketOf(i) }));
      // 人员按代号排列，签号相同时位次小的代号小
      group.sort((one, other) => (one.ticket < other.ticket ? -1 : one.ticket > other.ticket ? 1 : one.i - other.i));
      for (const { i } of group) yield i;
      from = to;
    }
  }

  // §7.2 ASSIGN。tasks：[{id, able, failing, team: 已在小组里的人, leader: 组长或 -1}]；load、leads 随之改变
  function* assign(seed, size, tasks, pool, load, leads) {
    const people = pool.people;
    const lead = people.map((person) => person.lead);
    const hard = people.map((person) => (person.cap === null ? Infinity : person.cap));
    const opened = new Map();

    function release(o) {
      for (const i of tasks[o].team) load[i]--;
      if (tasks[o].leader >= 0) leads[tasks[o].leader]--;
      tasks[o].team = [];
      tasks[o].leader = -1;
    }

    tasks.forEach((task, o) => {
      // 第一步
      const atHand = new Set([...task.able, ...task.team]);
      if (atHand.size < size) opened.set(o, "FEW");
      else if (![...atHand].some((i) => lead[i])) opened.set(o, "NOLEAD");
      if (opened.has(o)) release(o);
    });

    const staffing = new Staffing(size, lead, load, hard);
    for (let o = 0; o < tasks.length; o++) {
      // 第二步
      if (opened.has(o)) continue;
      if (!staffing.takeOn(o, tasks[o].able, tasks[o].team.slice())) {
        opened.set(o, "CAP");
        release(o);
      }
      yield;
    }

    const level = yield* staffing.lower(); // 第三步

    for (let o = 0; o < tasks.length; o++) {
      // 第四步
      if (opened.has(o)) continue;
      const task = tasks[o];
      const canTake = (i) => load[i] < Math.min(hard[i], level);
      const free = (i) => !staffing.fixed[o].includes(i);
      const tickets = { L: new Map(), M: new Map() };
      const ticketOf = (tag) => (i) => {
        if (!tickets[tag].has(i)) tickets[tag].set(i, H(ticketLine(tag, seed, task.id, people[i].code)));
        return tickets[tag].get(i);
      };
      if (task.leader < 0) {
        const members = staffing.fixed[o].filter((i) => lead[i]);
        const able = task.able.filter((i) => lead[i] && free(i));
        for (const i of ordered(able, (i) => [leads[i], load[i]], ticketOf("L"))) {
          if (canTake(i) && staffing.settle(i, o)) {
            task.leader = i;
            break;
          }
        }
        if (task.leader < 0) task.leader = ordered(members, () => [], ticketOf("L")).next().value;
        if (task.leader === undefined) throw new Error("SSJ1 7.2: no leader can be found");
        leads[task.leader]++;
      }
      while (staffing.fixed[o].length < size) {
        let taken = false;
        for (const i of ordered(task.able.filter(free), (i) => [load[i]], ticketOf("M"))) {
          if (canTake(i) && staffing.settle(i, o)) {
            taken = true;
            break;
          }
        }
        if (!taken) throw new Error("SSJ1 7.2: a feasible staffing was not completed");
      }
      task.team = staffing.fixed[o];
      yield;
    }

    const lines = tasks.map((task, o) => {
      if (opened.has(o)) return ["open", task.id, opened.get(o), task.able.length, ...task.failing];
      const members = task.team.filter((i) => i !== task.leader).sort((one, other) => one - other);
      return ["team", task.id, people[task.leader].code, members.map((i) => people[i].code).join(",")];
    });
    return { level, lines };
  }

  // ---------------------------------------------------------------------------------------------------------
  // §8 更换；一枚种子从抽取到历次更换
  // ---------------------------------------------------------------------------------------------------------

  class Course {
    constructor(sealed, seed, secret) {
      this.manifest = sealed.manifest;
      this.seed = seed;
      this.secret = secret;
      this.frames = new Map(sealed.frames.map((frame) => [frame.stratum, frame]));
      this.people = new Map(sealed.roster.inspectors.map((person) => [person.code, person]));
      this.bars = sealed.roster.bars.map(([inspector, object]) => [inspector, object]);
      this.out = new Set();
      this.ranked = new Map();
      this.withdrawn = new Map();
      this.chosen = new Map();
      this.standing = new Map(); // 编号 → {id, stratum, ticket, row}
      this.teams = new Map(); // 编号 → {leader: 代号或 null, codes: 全组代号}
    }

    select(line) {
      const { stratum, K, u } = line;
      this.chosen.set(stratum, choose(this.ranked.get(stratum), K, u, this.withdrawn.get(stratum)));
      return this.chosen.get(stratum);
    }

    stand(stratum, pick) {
      this.standing.set(pick.id, { id: pick.id, stratum, ticket: pick.ticket, row: pick.row });
    }

    // RESULT 的中签各行（§6.3）
    *picks() {
      const lines = [];
      for (const line of this.manifest.strata) {
        const rows = this.frames.get(line.stratum).rows.filter((row) => row.state === "in");
        this.ranked.set(line.stratum, yield* rank(this.seed, line.stratum, rows));
        this.withdrawn.set(line.stratum, new Set());
        this.select(line).forEach((pick, i) => {
          lines.push([line.stratum, i + 1, pick.id, pick.slot, pick.ticket]);
          this.stand(line.stratum, pick);
        });
      }
      return lines;
    }

    // 给这些企业配人，按（签号, 编号）；load 和 leads 按 §8.2 从现在的小组数出来
    *staff(ids) {
      const pool = new Pool([...this.people.values()], this.manifest.window[1], this.bars, this.out);
      const load = pool.people.map((person) => person.base);
      const leads = pool.people.map(() => 0);
      for (const { leader, codes } of this.teams.values()) {
        for (const code of codes) load[pool.place.get(code)]++;
        if (leader !== null) leads[pool.place.get(leader)]++;
      }
      const tasks = ids
        .map((id) => this.standing.get(id))
        .sort(byTicket)
        .map(({ id, stratum, row }) => {
          const { able, failing } = pool.allowed(id, this.frames.get(stratum).unit, row.scopes);
          const { leader, codes } = this.teams.get(id) || { leader: null, codes: [] };
          return {
            id, able, failing, team: codes.map((code) => pool.place.get(code)),
            leader: leader === null ? -1 : pool.place.get(leader),
          };
        });
      const { level, lines } = yield* assign(this.seed, this.manifest.team, tasks, pool, load, leads);
      for (const [tag, id, leader, members] of lines) {
        if (tag === "team") this.teams.set(id, { leader, codes: [leader, ...members.split(",")] });
        else this.teams.delete(id);
      }
      return { level, lines };
    }

    // §8.1：算出 AMEND 的全文；申请对不上的是 E_AMEND_REQUEST
    *amend(number, after, at, approve, dropobj, dropinsp, join) {
      const wrong = (where) => new Fault("E_AMEND_REQUEST", where);
      const byId = ([stratum, id, reason]) => [id, stratum, reason];
      const objects = dropobj.slice().sort((one, other) => compareLists(byId(one), byId(other)));
      const leaving = dropinsp.slice().sort(compareLists);
      const joining = join.slice().sort(by((fields) => fields[0]));
      if (!objects.length && !leaving.length && !joining.length) throw wrong("变更没有任何内容");
      for (const [stratum, id, reason] of objects) {
        const standing = this.standing.get(id);
        if (!standing || standing.stratum !== stratum) throw wrong(`企业 ${id} 不在名单 ${stratum} 的中签企业之中`);
        this.standing.delete(id);
        this.teams.delete(id);
        if (reason !== "NOTDONE") this.withdrawn.get(stratum).add(id);
      }
      const waiting = new Set();
      for (const [object, inspector, reason] of leaving) {
        const team = this.teams.get(object);
        if (!team || !team.codes.includes(inspector)) throw wrong(`人员 ${inspector} 不在企业 ${object} 的检查小组中`);
        const codes = team.codes.filter((code) => code !== inspector);
        this.teams.set(object, { leader: team.leader === inspector ? null : team.leader, codes });
        if (reason === "RECUSE") this.bars.push([inspector, object]);
        else this.out.add(inspector);
        waiting.add(object);
      }
      for (const fields of joining) {
        if (this.people.has(fields[0])) throw wrong(`人员 ${fields[0]} 已在名录中`);
        this.people.set(fields[0], readInspector(fields));
      }
      const added = [];
      const vacant = [];
      for (const line of this.manifest.strata) {
        const before = new Set(this.chosen.get(line.stratum).map((pick) => pick.id));
        const now = this.select(line);
        for (const pick of now) {
          if (!before.has(pick.id)) added.push({ stratum: line.stratum, ...pick });
        }
        if (now.length < line.K) vacant.push([line.stratum, line.K - now.length]);
      }
      added.sort(byTicket);
      for (const pick of added) this.stand(pick.stratum, pick);
      for (const id of this.standing.keys()) if (!this.teams.has(id)) waiting.add(id);
      const { level, lines } = yield* this.staff([...waiting]);
      return compose("AMEND", [
        ["draw", this.manifest.draw], ["number", number], ["after", after], ["at", at], ["approve", ...approve],
        ...tagged("dropobj", objects), ...tagged("dropinsp", leaving), ...tagged("join", joining),
        ...added.map((pick) => ["addobj", pick.stratum, pick.id, pick.slot, pick.ticket]),
        ...tagged("vacant", vacant), ["level", level], ...lines,
      ]);
    }

    // §14.5：一份 RESULT 或 AMEND 的到访凭证
    slips(after, tasks) {
      const { draw } = this.manifest;
      const slips = tasks
        .filter(([tag]) => tag === "team")
        .map(([, id, leader, members]) => H(slipLine(draw, this.secret, id, leader, members.split(","))))
        .sort();
      return compose("SLIPS", [["draw", draw], ["after", after], ...slips.map((slip) => ["slip", slip])]);
    }
  }

  // ---------------------------------------------------------------------------------------------------------
  // §11 证据包：先按 JSON 严格读取，不许有重复的项目，也不许有数字
  // ---------------------------------------------------------------------------------------------------------

  function readJson(text) {
    const wrong = (where) => new Fault("E_FORMAT", where);
    const space = /[ \t\n\r]*/y;
    const word = /true|false|null/y;
    let at = 0;

    function next(pattern) {
      pattern.lastIndex = at;
      const found = pattern.exec(text);
      if (found) at = pattern.lastIndex;
      return found && found[0];
    }

    // 先找到结尾的引号，里面的转义交给 JSON.parse
    function readString() {
      let end = at + 1;
      for (;;) {
        end = text.indexOf('"', end);
        if (end < 0) throw wrong("不是完整的 JSON 文件");
        let slashes = 0;
        while (text[end - 1 - slashes] === "\\") slashes++;
        if (slashes % 2 === 0) break;
        end++;
      }
      const token = text.slice(at, end + 1);
      at = end + 1;
      try {
        return JSON.parse(token);
      } catch (_) {
        throw wrong("不是完整的 JSON 文件");
      }
    }

    function readValue(depth) {
      if (depth > 100) throw wrong("嵌套层数过多");
      next(space);
      const first = text[at];
      if (first === '"') return readString();
      if (first === "[") return readItems(depth);
      if (first === "{") return readPairs(depth);
      const found = next(word);
      if (!found) throw wrong("不是完整的 JSON 文件，或者含有数字");
      return JSON.parse(found);
    }

    function follows(character) {
      next(space);
      if (text[at] !== character) return false;
      at++;
      return true;
    }

    function readItems(depth) {
      at++;
      const items = [];
      if (follows("]")) return items;
      do items.push(readValue(depth + 1));
      while (follows(","));
      if (!follows("]")) throw wrong("不是完整的 JSON 文件");
      return items;
    }

    function readPairs(depth) {
      at++;
      const pairs = new Map();
      if (follows("}")) return {};
      do {
        next(space);
        if (text[at] !== '"') throw wrong("不是完整的 JSON 文件");
        const key = readString();
        if (pairs.has(key)) throw wrong("同一项目出现了两次");
        if (!follows(":")) throw wrong("不是完整的 JSON 文件");
        pairs.set(key, readValue(depth + 1));
      } while (follows(","));
      if (!follows("}")) throw wrong("不是完整的 JSON 文件");
      return Object.fromEntries(pairs);
    }

    const value = readValue(0);
    next(space);
    if (at < text.length) throw wrong("不是完整的 JSON 文件");
    return value;
  }

  const BUNDLE_KEYS = "format manifest frames roster seed result amends superseded slips abort chain".split(" ");

  function checkKeys(box, keys) {
    const right =
      typeof box === "object" && box !== null && !Array.isArray(box) && Object.keys(box).length === keys.length &&
      keys.every((key) => Object.prototype.hasOwnProperty.call(box, key));
    if (!right) throw new Fault("E_FORMAT", `应有且只有这些项目：${keys.join("、")}`);
  }

  // V1
  function openContainer(bundle) {
    const wrong = (where) => new Fault("E_FORMAT", where);
    checkKeys(bundle, BUNDLE_KEYS);
    const text = (box, key) => {
      if (typeof box[key] !== "string") throw wrong(`“${key}”应为文本`);
    };
    const textOrNull = (key) => {
      if (bundle[key] !== null) text(bundle, key);
    };
    const texts = (box, key) => {
      if (!Array.isArray(box[key]) || !box[key].every((item) => typeof item === "string")) {
        throw wrong(`“${key}”应为一列文本`);
      }
    };
    if (bundle.format !== "SSJ1-BUNDLE") throw wrong("“format”应为 SSJ1-BUNDLE");
    text(bundle, "manifest");
    for (const key of ["frames", "amends", "slips", "chain"]) texts(bundle, key);
    for (const key of ["roster", "seed", "result", "abort"]) textOrNull(key);
    if (!Array.isArray(bundle.superseded)) throw wrong("“superseded”应为一列");
    for (const earlier of bundle.superseded) {
      checkKeys(earlier, ["seed", "result", "amends"]);
      text(earlier, "seed");
      text(earlier, "result");
      texts(earlier, "amends");
    }
    const { seed, result, amends, superseded, abort, slips, roster } = bundle;
    if ((seed === null) !== (result === null)) throw wrong("种子和结果应同时有或同时没有");
    if (result === null && (amends.length || superseded.length)) throw wrong("没有结果，不应有变更或更正");
    if (abort !== null && (seed !== null || slips.length)) throw wrong("作废的抽取不应有种子、结果或到访凭证");
    if (roster === null && (result !== null || abort !== null)) throw wrong("检查人员名录只有在名单公开之前才可以没有");
    const runs = superseded.slice();
    if (result !== null) runs.push({ seed, result, amends });
    return { manifest: bundle.manifest, frames: bundle.frames, roster, runs, slips, abort, chain: bundle.chain };
  }

  function makeBundle(parts) {
    return {
      format: "SSJ1-BUNDLE", manifest: parts.manifest, frames: parts.frames, roster: parts.roster, seed: parts.seed,
      result: parts.result, amends: [], superseded: [], slips: parts.slips, abort: null, chain: parts.chain,
    };
  }

  // ---------------------------------------------------------------------------------------------------------
  // §12 核验。生成器每通过页面上的一行就交出 {passed: 行, facts}
  // ---------------------------------------------------------------------------------------------------------

  // V2、V3
  function* readDocuments(box) {
    let number = 0;
    const draws = [];
    function* read(kind, text) {
      number++;
      let document;
      try {
        document = yield* READERS[kind](text);
      } catch (fault) {
        if (fault instanceof Fault) throw new Fault("E_SYNTAX", fault.where, { doc: number });
        throw fault;
      }
      if (kind !== "CHAIN") draws.push(document.draw);
      return document;
    }
    function* readAll(kind, texts) {
      const documents = [];
      for (const text of texts) documents.push(yield* read(kind, text));
      return documents;
    }
    const manifest = yield* read("MANIFEST", box.manifest);
    const frames = yield* readAll("FRAME", box.frames);
    const roster = box.roster === null ? null : yield* read("ROSTER", box.roster);
    const runs = [];
    for (const texts of box.runs) {
      runs.push({
        texts,
        seed: yield* read("SEED", texts.seed),
        result: yield* read("RESULT", texts.result),
        amends: yield* readAll("AMEND", texts.amends),
      });
    }
    const slips = yield* readAll("SLIPS", box.slips);
    const abort = box.abort === null ? null : yield* read("ABORT", box.abort);
    const chain = yield* readAll("CHAIN", box.chain);
    draws.forEach((draw, i) => {
      if (draw !== manifest.draw) throw new Fault("E_DRAW", `第 ${i + 1} 份文书属于 ${draw}，本次抽取是 ${manifest.draw}`);
    });
    return { manifest, frames, roster, runs, slips, abort, chain };
  }

  // V4
  function checkParameters(manifest) {
    const wrong = (name) => new Fault("E_PARAM", "", { name });
    const { year, quarter } = readDrawId(manifest.draw);
    const { cap, team, window } = manifest;
    if (cap < 1 || cap > 9) throw wrong("年度次数上限");
    if (team < 2 || team > 9) throw wrong("小组人数");
    const month = (n) => String(3 * quarter - 2 + n).padStart(2, "0");
    if (window[0] < `${year}-${month(0)}-01` || window[0] > window[1] || window[1] > `${year}-${month(2)}-31`) {
      throw wrong("检查期间");
    }
    for (const { stratum, category, bp, v, E } of manifest.strata) {
      if (bp > 10000 || (category === "key" && bp < 2500)) throw wrong(`抽查比例 ${stratum}`);
      if (v > 100) throw wrong(`优先名额比例 ${stratum}`);
      const last = { key: year, general: year + 2 }[category];
      if (category === "special" ? E !== null : E === null || E < year || E > last) throw wrong(`周期末年 ${stratum}`);
    }
  }

  // V4–V9：种子之前的一切
  function* checkSealed(texts, { manifest, frames, roster }) {
    const sealedDigest = yield* digestOf(texts.manifest);
    const differ = (kept, found) => `封存时的指纹 ${kept}，现有文书的指纹 ${found}`;
    checkParameters(manifest);

    if (!ascends(manifest.strata.map((line) => line.stratum))) throw new Fault("E_STRATA", "各类名单没有按顺序排列");
    if (frames.length !== manifest.strata.length || frames.some((f, i) => f.stratum !== manifest.strata[i].stratum)) {
      throw new Fault("E_STRATA", `封存清单列出 ${manifest.strata.length} 份名单，应逐份对应`);
    }
    const known = new Map();
    for (let i = 0; i < frames.length; i++) {
      const { stratum, frame: kept } = manifest.strata[i];
      const found = yield* digestOf(texts.frames[i]);
      if (found !== kept) throw new Fault("E_FRAME_DIGEST", differ(kept, found), { stratum });
      checkFrame(frames[i], manifest.cap);
      for (const { id } of frames[i].rows) {
        if (known.has(id)) throw new Fault("E_DUP_OBJECT", `名单 ${known.get(id)} 和 ${stratum}`, { id });
      }
      for (const { id } of frames[i].rows) known.set(id, stratum);
      yield;
    }
    if (roster !== null) {
      const found = yield* digestOf(texts.roster);
      if (found !== manifest.roster) throw new Fault("E_ROSTER_DIGEST", differ(manifest.roster, found));
      if (!ascends(roster.inspectors.map((person) => person.code))) throw new Fault("E_ROSTER_ORDER", "人员行");
      for (let i = 1; i < roster.bars.length; i++) {
        if (compareLists(roster.bars[i - 1].slice(0, 2), roster.bars[i].slice(0, 2)) >= 0) {
          throw new Fault("E_ROSTER_ORDER", "回避行");
        }
      }
      const codes = new Set(roster.inspectors.map((person) => person.code));
      for (const [inspector] of roster.bars) {
        if (!codes.has(inspector)) throw new Fault("E_ROSTER_REF", `回避行中的人员 ${inspector}`);
      }
    }
    yield { passed: "frames", facts: { frames: frames.length } };

    // V8
    const warnings = [];
    const { year, quarter } = readDrawId(manifest.draw);
    manifest.strata.forEach((line, i) => {
      const { stratum } = line;
      const real = counts(frames[i].rows);
      if (real.N !== line.N || real.A !== line.A || real.U !== line.U) {
        throw new Fault("E_COUNT", `按名单应为 ${real.N}、${real.A}、${real.U}`, { stratum });
      }
      const due = quota({ ...line, ...real, year, quarter });
      if (due.K !== line.K || due.u !== line.u) {
        const where = `封存为抽 ${line.K} 家、其中优先 ${line.u} 家，按规则应为 ${due.K} 家、${due.u} 家`;
        throw new Fault("E_QUOTA", where, { stratum });
      }
      if (due.short) warnings.push(`W_RATIO ${stratum}`);
    });
    yield { passed: "quotas", facts: { strata: manifest.strata } };

    // V9
    const { sources, frozen, release } = manifest;
    if (new Set(sources.map(({ kind, label }) => `${kind} ${label}`)).size < sources.length) {
      throw new Fault("E_SOURCE", "同一来源列了两次");
    }
    if (sources.length < 2 && sources.every(({ kind }) => kind === "DICE")) {
      throw new Fault("E_SOURCE", "至少要有一项彩票、数字或随机信标，或两名见证人分别掷骰");
    }
    for (const { label, due } of sources) if (due <= frozen) throw new Fault("E_SOURCE_TIME", `${label}：${due}`);
    if (release < latestDue(manifest)) throw new Fault("E_SOURCE_TIME", `公开时间 ${release} 早于最后一项来源`);
    return { digest: sealedDigest, manifest, frames, roster, warnings };
  }

  const latestDue = ({ sources }) => sources.map(({ due }) => due).reduce((a, b) => (a > b ? a : b));

  // V10
  function checkSeed({ digest: sealedDigest, manifest }, seed) {
    if (seed.manifest !== sealedDigest) throw new Fault("E_SEED_LINK", `封存清单的指纹是 ${sealedDigest}`);
    if (H(commitLine(manifest.draw, seed.secret)) !== manifest.commit) {
      throw new Fault("E_COMMIT", `公布的指纹是 ${manifest.commit}`);
    }
    manifest.sources.forEach(({ kind, label }, i) => {
      const [given, value] = seed.values[i] || [];
      if (given !== kind || !isValue(kind, value)) throw new Fault("E_VALUE", "", { label });
    });
    if (seed.values.length > manifest.sources.length) {
      throw new Fault("E_VALUE", "多填了没有事先公告的结果", { label: manifest.sources[manifest.sources.length - 1].label });
    }
  }

  // 两列文书行第一处不同的位置；完全相同为 -1
  function firstDifference(given, due) {
    const length = Math.max(given.length, due.length);
    for (let i = 0; i < length; i++) {
      if (!given[i] || !due[i] || given[i].join("\t") !== due[i].join("\t")) return i;
    }
    return -1;
  }

  // V10–V12，每一轮（更正以前的在先）
  function* checkRuns(sealed, runs, slips) {
    const { manifest } = sealed;
    const events = [];
    const dueSlips = [];
    let course = null;
    let notBefore = latestDue(manifest);
    let earlierSeed = null;

    function* note(kind, text, at, tasks) {
      const doc = yield* digestOf(text);
      const slip = course.slips(doc, tasks);
      dueSlips.push(slip);
      events.push({
        kind, doc, at,
        standing: new Map([...course.standing].map(([id, { stratum }]) => [id, stratum])),
        teams: new Map([...course.teams].map(([id, { codes }]) => [id, codes])),
      });
      events.push({ kind: "SLIPS", doc: yield* digestOf(slip), at });
      return doc;
    }

    for (const { texts, seed, result, amends } of runs) {
      const isLast = runs[runs.length - 1].texts === texts;
      checkSeed(sealed, seed);
      if (texts.seed === earlierSeed) throw new Fault("E_VALUE", "更正后的结果与更正前相同", { label: manifest.sources[0].label });
      earlierSeed = texts.seed;
      if (isLast) yield { passed: "random", facts: {} };

      // V11
      const seedDigest = digest(texts.seed);
      if (result.manifest !== sealed.digest) throw new Fault("E_RESULT_LINK", `封存清单的指纹是 ${sealed.digest}`);
      if (result.seed !== seedDigest) throw new Fault("E_RESULT_LINK", `种子应为 ${seedDigest}`);
      if (result.drawn < notBefore) throw new Fault("E_RESULT_TIME", `抽取时间 ${result.drawn}，不得早于 ${notBefore}`);
      course = new Course(sealed, seedDigest, seed.secret);
      const picks = yield* course.picks();
      let place = firstDifference(result.picks, picks);
      if (place >= 0) {
        const line = result.picks[place] || picks[place];
        throw new Fault("E_PICK", `第 ${place + 1} 行`, { id: line[2] });
      }
      if (isLast) yield { passed: "picks", facts: { picks: picks.length } };
      const { level, lines } = yield* course.staff([...course.standing.keys()]);
      if (+result.level !== level) throw new Fault("E_LEVEL", `文书为 ${result.level}，重算为 ${level}`);
      place = firstDifference(result.tasks, lines);
      if (place >= 0) throw new Fault("E_TEAM", `第 ${place + 1} 行`, { id: (result.tasks[place] || lines[place])[1] });
      if (isLast) yield { passed: "teams", facts: { teams: lines.length } };
      let after = yield* note("RESULT", texts.result, result.drawn, result.tasks);
      notBefore = result.drawn;

      // V12
      for (let i = 0; i < amends.length; i++) {
        const amend = amends[i];
        const which = `第 ${i + 1} 次变更`;
        if (amend.number !== i + 1 || amend.after !== after) throw new Fault("E_AMEND_LINK", which);
        if (amend.at < notBefore) throw new Fault("E_AMEND_TIME", which);
        const text = yield* course.amend(
          amend.number, after, amend.at, amend.approve, amend.dropobj, amend.dropinsp, amend.join
        );
        if (texts.amends[i] !== text) throw new Fault("E_AMEND_OUTCOME", which);
        after = yield* note("AMEND", text, amend.at, amend.tasks);
        notBefore = amend.at;
      }
    }
    for (let i = 0; i < Math.max(slips.length, dueSlips.length); i++) {
      if (slips[i] !== dueSlips[i]) throw new Fault("E_SLIPS", `第 ${i + 1} 份到访凭证`);
    }
    yield { passed: "amends", facts: { amends: runs[runs.length - 1].amends.length } };
    return { course, events };
  }

  function checkSealedSlips(manifest, slips) {
    slips.forEach((document, i) => {
      if (!ascends(document.slips)) throw new Fault("E_SLIPS", `第 ${i + 1} 份到访凭证没有按顺序排列`);
    });
    const places = manifest.strata.reduce((sum, line) => sum + line.K, 0);
    if (slips.length && slips[0].slips.length > places) throw new Fault("E_SLIPS", `到访凭证多于应抽的 ${places} 家`);
  }

  // V10′
  function checkAbort({ digest: sealedDigest, manifest }, abort) {
    if (abort.manifest !== sealedDigest) throw new Fault("E_ABORT_LINK", `封存清单的指纹是 ${sealedDigest}`);
    if (abort.at < manifest.frozen) throw new Fault("E_ABORT_TIME", `${abort.at} 早于 ${manifest.frozen}`);
    if (abort.secret !== null && H(commitLine(manifest.draw, abort.secret)) !== manifest.commit) {
      throw new Fault("E_COMMIT", `公布的指纹是 ${manifest.commit}`);
    }
    let before = 0;
    abort.missing.forEach((place, i) => {
      if (i && place <= before) throw new Fault("E_ABORT_MISSING", "没有按顺序排列，或有重复");
      before = place;
    });
    for (const place of abort.missing) {
      const source = manifest.sources[place - 1];
      if (!source || source.due > abort.at) throw new Fault("E_ABORT_MISSING", `第 ${place} 项来源`);
    }
    if (abort.at >= latestDue(manifest) && abort.secret !== null && !abort.missing.length) {
      throw new Fault("E_ABORT_LATE", "");
    }
    return [...(abort.secret === null ? ["W_SECRET_LOST"] : []), ...(abort.missing.length ? ["W_SOURCE_MISSING"] : [])];
  }

  // V13；events 为 null 时是尚未公开的证据包，RESULT 和 AMEND 本身还保密，只核对它们的到访凭证
  function* checkChain({ digest: sealedDigest, manifest }, texts, chain, events, slipTexts, slips) {
    let [seq, prev] = manifest.prev;
    for (let i = 0; i < chain.length; i++) {
      seq++;
      if (chain[i].seq !== seq || chain[i].prev !== prev) {
        throw new Fault("E_CHAIN_LINK", `应为第 ${seq} 号，接在 ${prev} 之后`, { n: chain[i].seq });
      }
      prev = digest(texts[i]);
      if (i % 256 === 255) yield;
    }
    for (let i = 1; i < chain.length; i++) {
      if (chain[i].at < chain[i - 1].at) throw new Fault("E_CHAIN_TIME", `第 ${chain[i].seq} 条`);
    }
    if (chain[0].draw !== manifest.draw) throw new Fault("E_CHAIN_DOC", "第一条不是本次抽取的封存");
    const own = chain.filter((entry) => entry.draw === manifest.draw);
    const due = [{ kind: "FREEZE", doc: sealedDigest, at: manifest.frozen }];
    if (events) {
      due.push(...events);
    } else {
      slips.forEach((document, i) => {
        const entry = own[1 + 2 * i] || { kind: "", at: "" };
        const kind = entry.kind === "AMEND" && i > 0 ? "AMEND" : "RESULT";
        due.push({ kind, doc: document.after, at: entry.at });
        due.push({ kind: "SLIPS", doc: digest(slipTexts[i]), at: entry.at });
      });
    }
    for (let i = 0; i < Math.max(due.length, own.length); i++) {
      const same = due[i] && own[i] && ["kind", "doc", "at"].every((key) => due[i][key] === own[i][key]);
      if (!same) throw new Fault("E_CHAIN_DOC", own[i] ? `公示链第 ${own[i].seq} 条` : "公示链缺少后面的条目");
    }
    return { head: prev, own };
  }

  // 晚于季度首月10日
  function isLate(draw, drawn) {
    const { year, quarter } = readDrawId(draw);
    return drawn.slice(0, 10) > `${year}-${String(3 * quarter - 2).padStart(2, "0")}-10`;
  }

  function lastRunWarnings(manifest, runs, course) {
    const { result, amends } = runs[runs.length - 1];
    const warnings = [];
    if (runs.length > 1) warnings.push("W_CORRECTED");
    if (isLate(manifest.draw, result.drawn)) warnings.push("W_LATE_DRAW");
    if (course.teams.size < course.standing.size) warnings.push("W_OPEN");
    if (amends.length && amends[amends.length - 1].vacant.length) warnings.push("W_VACANT");
    return warnings;
  }

  function* check(bundle) {
    const box = openContainer(bundle);
    const documents = yield* readDocuments(box);
    const { manifest, runs, slips, abort, chain } = documents;
    const sealed = yield* checkSealed(box, documents);
    const warnings = sealed.warnings.slice();
    const isSealed = !runs.length && abort === null;
    let events = [];
    let course = null;
    if (abort !== null) {
      warnings.push(...checkAbort(sealed, abort));
      events.push({ kind: "ABORT", doc: yield* digestOf(box.abort), at: abort.at });
      yield { passed: "abort", facts: {} };
    } else if (runs.length) {
      ({ course, events } = yield* checkRuns(sealed, runs, box.slips));
      warnings.push(...lastRunWarnings(manifest, runs, course));
    } else {
      checkSealedSlips(manifest, slips);
      warnings.push("W_SEALED");
    }
    let head = null;
    if (chain.length) {
      const found = yield* checkChain(sealed, box.chain, chain, isSealed ? null : events, box.slips, slips);
      head = found.head;
      yield { passed: "chain", facts: { entries: found.own.map((entry) => entry.seq) } };
    } else {
      warnings.push("W_NO_CHAIN");
    }
    const facts = gatherFacts(sealed, runs, course, head);
    const amends = runs.length ? runs[runs.length - 1].amends.length : 0;
    return { sealed, isSealed, events, course, amends, warnings, facts };
  }

  // §12 末：程序不能判断、要由人对照的
  function gatherFacts({ digest: sealedDigest, manifest, frames }, runs, course, head) {
    const last = runs[runs.length - 1];
    const valuesOf = ({ seed }) => manifest.sources.map((source, i) => ({ ...source, value: seed.values[i][1] }));
    return {
      draw: manifest.draw,
      manifest: sealedDigest,
      values: last ? valuesOf(last) : manifest.sources.map((source) => ({ ...source, value: null })),
      corrected: runs.slice(0, -1).map((earlier, n) => {
        const later = valuesOf(runs[n + 1]);
        return valuesOf(earlier).filter(({ value }, i) => value !== later[i].value);
      }),
      strata: manifest.strata.map((line, i) => {
        const excluded = {};
        for (const { state } of frames[i].rows) if (state !== "in") excluded[state] = (excluded[state] || 0) + 1;
        return { stratum: line.stratum, N: line.N, A: line.A, U: line.U, K: line.K, u: line.u, excluded };
      }),
      firstDrawn: runs.length ? runs[0].result.drawn : null,
      tickets: runs.length * manifest.strata.reduce((sum, line) => sum + line.A, 0),
      picks: course ? course.standing.size : 0,
      teams: course ? course.teams.size : 0,
      head,
    };
  }

  function failure(error) {
    if (!(error instanceof Fault)) throw error;
    const { code, step, sentence, where } = error;
    return { ok: false, error: code, step, sentence, where, warnings: [], facts: null };
  }

  function success({ warnings, facts }) {
    return { ok: true, error: "", step: "", sentence: "", where: "", warnings, facts };
  }

  function verify(bundle) {
    try {
      return success(run(check(bundle)));
    } catch (error) {
      return failure(error);
    }
  }

  function verifyText(text) {
    try {
      return verify(readJson(text));
    } catch (error) {
      return failure(error);
    }
  }

  // options：{sliceMs: 50, onPassed(row, facts)}，row 依次为
  // frames quotas random picks teams amends chain，或 frames quotas abort chain，或尚未公开时的 frames quotas chain
  function verifyInSlices(bundle, options) {
    return slices(check(bundle), options).then(success, failure);
  }

  function verifyTextInSlices(text, options) {
    let bundle;
    try {
      bundle = readJson(text);
    } catch (error) {
      return new Promise((resolve) => resolve(failure(error)));
    }
    return verifyInSlices(bundle, options);
  }

  // 警告的中文；“W_RATIO 210502.key”后面的是名单。§12 看的是最后一次结果；更正得晚，不等于抽取得晚
  function warningSentence(warning, facts = {}) {
    const [code, stratum] = warning.split(" ");
    if (code === "W_LATE_DRAW" && facts.firstDrawn && !isLate(facts.draw, facts.firstDrawn)) {
      return `更正后的结果晚于本季度首月10日，第一次抽取（${facts.firstDrawn.slice(0, 10)}）没有晚`;
    }
    return stratum ? `${WARNINGS[code]}（${stratum}）` : WARNINGS[code];
  }

  // ---------------------------------------------------------------------------------------------------------
  // §13 整条公示链
  // ---------------------------------------------------------------------------------------------------------

  class History {
    constructor(bundles, carry) {
      this.given = bundles.length;
      this.bundles = new Map(bundles.map((checked) => [checked.sealed.digest, checked]));
      this.carry = carry; // {digest, document} 或 null
      this.carryUsed = false;
      this.courses = new Map(); // 按封存先后
      this.head = [0, "0".repeat(64)];
    }

    wrong(entry, where) {
      return new Fault("E_CHAIN_DOC", entry ? `公示链第 ${entry.seq} 条：${where}` : where);
    }

    walk(entry, link) {
      if (entry.kind === "CARRY") this.takeCarry(entry);
      else if (entry.draw === null) throw this.wrong(entry, "缺少抽取编号");
      else if (entry.kind === "FREEZE") this.takeFreeze(entry);
      else this.takeEvent(entry);
      this.head = [entry.seq, link];
    }

    takeCarry(entry) {
      if (entry.seq !== 1 || entry.draw !== null || !this.carry) throw this.wrong(entry, "上线前的抽查只能是第 1 条");
      if (entry.doc !== this.carry.digest || entry.at !== this.carry.document.at) throw this.wrong(entry, "与结转表不一致");
      this.carryUsed = true;
    }

    takeFreeze(entry) {
      const checked = this.bundles.get(entry.doc);
      if (!checked || checked.sealed.manifest.draw !== entry.draw) throw this.wrong(entry, `没有抽取 ${entry.draw} 的证据包`);
      const { manifest } = checked.sealed;
      const [seq, link] = manifest.prev;
      if (entry.at !== manifest.frozen || seq !== this.head[0] || link !== this.head[1]) {
        throw this.wrong(entry, "与封存清单不一致");
      }
      if (this.courses.has(entry.draw)) throw this.wrong(entry, "已经封存过");
      const when = readDrawId(entry.draw);
      let serial = 1;
      for (const course of this.courses.values()) {
        const { unit, year, quarter } = course.when;
        if (unit === when.unit && year === when.year && quarter === when.quarter) serial = course.when.serial + 1;
      }
      if (when.serial !== serial) throw this.wrong(entry, "抽取编号不连续");
      for (const course of this.courses.values()) {
        if (course.when.unit === when.unit && course.isOpen) throw this.wrong(entry, "同一单位还有没有完成的抽取");
      }
      this.compareFreeze(checked, when);
      this.courses.set(entry.draw, {
        checked, when, items: manifest.items, passed: 0, isOpen: true, aborted: false,
        standing: new Map(), teams: new Map(),
      });
    }

    takeEvent(entry) {
      const course = this.courses.get(entry.draw);
      if (!course || course.aborted) throw this.wrong(entry, "没有封存，或已经作废");
      const { isSealed, events } = course.checked;
      if (isSealed) {
        if (entry.kind === "ABORT" || (!course.passed && entry.kind !== "RESULT")) throw this.wrong(entry, "与证据包不一致");
      } else {
        const due = events[course.passed];
        if (!due || ["kind", "doc", "at"].some((key) => due[key] !== entry[key])) throw this.wrong(entry, "与证据包不一致");
        if (due.standing) Object.assign(course, { standing: due.standing, teams: due.teams });
      }
      course.passed++;
      if (entry.kind === "RESULT" || entry.kind === "ABORT") course.isOpen = false;
      if (entry.kind === "ABORT") course.aborted = true;
    }

    finish() {
      if (this.carry && !this.carryUsed) throw this.wrong(null, "历史抽查结转表没有进入公示链");
      for (const { checked, passed } of this.courses.values()) {
        if (!checked.isSealed && passed < checked.events.length) throw this.wrong(null, "有文书没有进入公示链");
      }
      if (this.courses.size < this.given) throw this.wrong(null, "有证据包不在公示链中，或同一次抽取给了两份");
    }

    // 此前算数的每一次抽查：企业 → [{year, quarter, items}]
    past() {
      const past = new Map();
      const note = (id, year, quarter, items) => {
        if (!past.has(id)) past.set(id, []);
        past.get(id).push({ year, quarter, items });
      };
      const old = this.carryUsed ? this.carry.document.old : [];
      for (const { id, year, quarter, items } of old) note(id, year, quarter, items);
      for (const { when, items, standing } of this.courses.values()) {
        for (const id of standing.keys()) note(id, when.year, when.quarter, items);
      }
      return past;
    }

    // H4
    compareFreeze({ sealed }, when) {
      const { manifest, frames, roster } = sealed;
      const differs = (where) => new Fault("E_HISTORY", where);
      const past = this.past();
      const sameQuarter = [...this.courses.values()].filter(
        (course) => course.when.year === when.year && course.when.quarter === when.quarter
      );
      manifest.strata.forEach((line, n) => {
        const { stratum, category, E, P } = line;
        if (category === "general") {
          let end = null;
          for (const { checked } of this.courses.values()) {
            for (const kept of checked.sealed.manifest.strata) if (kept.stratum === stratum) end = kept.E;
          }
          while (end !== null && end < when.year) end += 3;
          if (end !== null && end !== E) throw differs(`${stratum}：周期末年应为 ${end}`);
        }
        const standing = new Set();
        for (const course of sameQuarter) {
          for (const [id, its] of course.standing) if (its === stratum) standing.add(id);
        }
        if (standing.size !== P) throw differs(`${stratum}：本季度已在名单上的应为 ${standing.size} 家`);
        for (const row of frames[n].rows) {
          const before = past.get(row.id) || [];
          const thisYear = before.filter(({ year }) => year === when.year);
          const times = Math.max(
            ...manifest.items.map((item) => thisYear.filter(({ items }) => items.includes(item)).length)
          );
          let seen = false;
          if (category === "key") seen = thisYear.length > 0;
          if (category === "general") seen = before.some(({ year }) => year >= E - 2 && year <= when.year);
          const now = thisYear.some(({ quarter }) => quarter === when.quarter);
          if (row.times !== times || row.seen !== seen) throw differs(`${stratum} ${row.id}：已查应为 ${times} 次`);
          if (row.state === "out:NOW" && !now) throw differs(`${stratum} ${row.id}：本季度并不在抽查名单`);
          if (row.state === "in" && category !== "special" && now) throw differs(`${stratum} ${row.id}：本季度已在抽查名单`);
        }
      });
      if (roster === null || sameQuarter.some((course) => course.checked.isSealed)) return;
      const loads = new Map();
      for (const { teams } of sameQuarter) {
        for (const codes of teams.values()) for (const code of codes) loads.set(code, (loads.get(code) || 0) + 1);
      }
      for (const { code, base } of roster.inspectors) {
        const due = loads.get(code) || 0;
        if (base !== due) throw differs(`人员 ${code}：本季度已有任务应为 ${due} 个`);
      }
    }
  }

  function* walkHistory(chain, bundles, carry) {
    const isTexts = Array.isArray(chain) && chain.every((text) => typeof text === "string");
    if (!isTexts || !Array.isArray(bundles) || !(carry === null || typeof carry === "string")) {
      throw new Fault("E_FORMAT", "应有一列公示链条目、一列证据包，以及结转表或空值");
    }
    const checked = [];
    for (const bundle of bundles) checked.push(yield* withoutRows(check(bundle)));
    const entries = [];
    const links = [];
    let prev = "0".repeat(64);
    for (let i = 0; i < chain.length; i++) {
      // H1
      let entry;
      try {
        entry = run(READERS.CHAIN(chain[i]));
      } catch (fault) {
        throw fault instanceof Fault ? new Fault("E_SYNTAX", fault.where, { doc: i + 1 }) : fault;
      }
      if (entry.seq !== i + 1 || entry.prev !== prev) throw new Fault("E_CHAIN_LINK", "", { n: i + 1 });
      if (i && entry.at < entries[i - 1].at) throw new Fault("E_CHAIN_TIME", `第 ${i + 1} 条`);
      entries.push(entry);
      links.push((prev = digest(chain[i])));
      yield;
    }
    const kept = carry === null ? null : { digest: digest(carry), document: yield* READERS.CARRY(carry) }; // H2
    const history = new History(checked, kept);
    for (let i = 0; i < entries.length; i++) {
      history.walk(entries[i], links[i]); // H3、H4
      yield;
    }
    history.finish();
    return { entries: entries.length, bundles: bundles.length, head: entries.length ? prev : null };
  }

  // 只要能歇的地方，不要逐行的消息
  function* withoutRows(generator) {
    for (;;) {
      const step = generator.next();
      if (step.done) return step.value;
      yield;
    }
  }

  const agreed = (facts) => success({ warnings: [], facts });

  function checkHistory(chain, bundles, carry) {
    try {
      return agreed(run(walkHistory(chain, bundles, carry)));
    } catch (error) {
      return failure(error);
    }
  }

  function checkHistoryInSlices(chain, bundles, carry, options) {
    return slices(walkHistory(chain, bundles, carry), options).then(agreed, failure);
  }

  // ---------------------------------------------------------------------------------------------------------
  // §16.2 测试向量
  // ---------------------------------------------------------------------------------------------------------

  // 向量里的一行，按文书里同样的行来要求
  function lineOf(kind, tag, fields) {
    const rule = RULES[kind].find(({ tags }) => tags.has(tag));
    const isTexts = Array.isArray(fields) && fields.every((field) => typeof field === "string");
    if (!isTexts) throw malformed(`${kind}（${tag}）`);
    checkFields(kind, 0, tag, fields, rule.tags.get(tag));
    return fields;
  }

  const linesOf = (kind, tag, lines) => lines.map((fields) => lineOf(kind, tag, fields));

  function frameText(draw, unit, category, rows) {
    const ordered = rows.slice().sort(by((fields) => fields[0]));
    return write("FRAME", [["draw", draw], ["stratum", unit, category], ...tagged("obj", ordered)]);
  }

  function seedText(draw, manifest, secret, values) {
    return write("SEED", [["draw", draw], ["manifest", manifest], ["secret", secret], ...tagged("value", values)]);
  }

  function drawBundle(given) {
    const { draw, secret, sources, drawn } = given;
    const strata = given.strata.map((stratum) => ({ ...stratum, rows: linesOf("FRAME", "obj", stratum.rows) }));
    const inspectors = linesOf("ROSTER", "insp", given.inspectors).slice().sort(compareLists);
    const bars = linesOf("ROSTER", "bar", given.bars).slice().sort(compareLists);
    if (!TYPES.DRAWID(draw) || !TYPES.HEX(secret)) throw malformed("抽取编号或密封随机数");
    const { year, quarter } = readDrawId(draw);
    const frames = [];
    const lines = [];
    for (const stratum of strata.sort(by(({ unit, category }) => `${unit}.${category}`))) {
      const { unit, category, bp, v, P, plan } = stratum;
      const text = frameText(draw, unit, category, stratum.rows);
      const { N, A, U } = counts(stratum.rows.map(readRow));
      const E = stratum.E === "-" ? null : +stratum.E;
      const { K, u } = quota({ year, quarter, category, bp, v, E, P, plan, N, A, U });
      frames.push(text);
      lines.push([`${unit}.${category}`, digest(text), bp, v, stratum.E, P, plan, N, A, U, K, u]);
    }
    const roster = write("ROSTER", [["draw", draw], ...tagged("insp", inspectors), ...tagged("bar", bars)]);
    const manifest = write("MANIFEST", [
      ["draw", draw], ["prev", ...given.prev], ["frozen", given.frozen], ["release", given.release],
      ["window", ...given.window], ["items", [...new Set(given.items)].sort(compare).join(",")], ["cap", given.cap],
      ["team", given.team], ...tagged("stratum", lines), ["roster", digest(roster)],
      ["commit", H(commitLine(draw, secret))], ...sources.map(([kind, label, due]) => ["source", kind, label, due]),
    ]);
    const texts = { manifest, frames, roster };
    const documents = {
      manifest: run(READERS.MANIFEST(manifest)),
      frames: frames.map((text) => run(READERS.FRAME(text))),
      roster: run(READERS.ROSTER(roster)),
    };
    const sealed = run(checkSealed(texts, documents));
    for (const [kind, label, , value] of sources) if (!isValue(kind, value)) throw new Fault("E_VALUE", "", { label });
    const seed = seedText(draw, sealed.digest, secret, sources.map(([kind, , , value]) => [kind, value]));
    if (drawn < latestDue(sealed.manifest)) throw new Fault("E_RESULT_TIME", drawn);
    const course = new Course(sealed, digest(seed), secret);
    const picks = run(course.picks());
    const { level, lines: tasks } = run(course.staff([...course.standing.keys()]));
    const result = write("RESULT", [
      ["draw", draw], ["manifest", sealed.digest], ["seed", digest(seed)], ["drawn", drawn], ...tagged("pick", picks),
      ["level", level], ...tasks,
    ]);
    const slips = course.slips(digest(result), tasks.map((line) => line.map(String)));
    const chain = [];
    let [seq, prev] = given.prev;
    for (const [kind, doc, at] of [
      ["FREEZE", sealed.digest, given.frozen], ["RESULT", digest(result), drawn], ["SLIPS", digest(slips), drawn],
    ]) {
      chain.push(
        write("CHAIN", [["seq", ++seq], ["prev", prev], ["kind", kind], ["draw", draw], ["doc", doc], ["at", at]])
      );
      prev = digest(chain[chain.length - 1]);
    }
    return makeBundle({ manifest, frames, roster, seed, result, slips: [slips], chain });
  }

  const VECTORS = {
    lex: ({ type, value }) => ({ ok: typeCheck(type)(value) }),
    value: ({ kind, value }) => ({ ok: isValue(kind, value) }),
    ticket({ tag, seed, a, b }) {
      const preimage = ticketLine(tag, seed, a, b);
      return { preimage, ticket: H(preimage) };
    },
    commit({ draw, secret }) {
      const preimage = commitLine(draw, secret);
      return { preimage, commit: H(preimage) };
    },
    slip({ draw, secret, id, leader, members }) {
      const line = slipLine(draw, secret, id, leader, members);
      return { line, slip: H(line) };
    },
    rank: ({ tickets }) => ({ order: tickets.slice().sort(compareLists).map(([, id]) => id) }),
    quota,
    frame({ draw, unit, category, cap, rows }) {
      const text = frameText(draw, unit, category, linesOf("FRAME", "obj", rows));
      const frame = run(READERS.FRAME(text));
      checkFrame(frame, cap);
      return { text, digest: digest(text), ...counts(frame.rows) };
    },
    seed({ draw, manifest, secret, values }) {
      const text = seedText(draw, manifest, secret, values);
      return { text, seed: digest(text) };
    },
    select({ seed, stratum, K, u, rows, withdrawn }) {
      const pool = rows.map(([id, seen]) => ({ id, seen: seen === "1" }));
      const picks = choose(run(rank(seed, stratum, pool)), K, u, new Set(withdrawn));
      return { picks: picks.map((pick) => [pick.id, pick.slot, pick.ticket]) };
    },
    assign({ seed, team, until, objects, inspectors, bars }) {
      const people = linesOf("ROSTER", "insp", inspectors).map(readInspector);
      const pool = new Pool(people, until, bars);
      const tasks = objects.map(({ id, unit, scopes }) => {
        const { able, failing } = pool.allowed(id, unit, scopes);
        return { id, able, failing, team: [], leader: -1 };
      });
      const load = pool.people.map((person) => person.base);
      const { level, lines } = run(assign(seed, team, tasks, pool, load, load.map(() => 0)));
      return { level, lines, load: Object.fromEntries(pool.people.map(({ code }, i) => [code, load[i]])) };
    },
    draw: drawBundle,
    amend(given) {
      const dropobj = linesOf("AMEND", "dropobj", given.dropobj);
      const dropinsp = linesOf("AMEND", "dropinsp", given.dropinsp);
      const join = linesOf("AMEND", "join", given.join);
      const { course, events, amends } = run(check(given.bundle));
      if (!course) throw new Fault("E_AMEND_REQUEST", "还没有抽取结果");
      const last = events[events.length - 2]; // 每份 RESULT 和 AMEND 后面是它的 SLIPS
      if (TYPES.TIME(given.at) && given.at < last.at) throw new Fault("E_AMEND_TIME", given.at);
      const text = run(course.amend(amends + 1, last.doc, given.at, given.approve, dropobj, dropinsp, join));
      const { tasks } = run(READERS.AMEND(text));
      return { text, digest: digest(text), slips: course.slips(digest(text), tasks) };
    },
    verify: ({ bundle }) => ({ ok: true, warnings: run(check(bundle)).warnings }),
    history({ chain, bundles, carry }) {
      run(walkHistory(chain, bundles, carry));
      return { ok: true };
    },
  };

  function runVector(kind, input) {
    try {
      return VECTORS[kind](input);
    } catch (error) {
      if (error instanceof Fault) return { error: error.code };
      throw error;
    }
  }

  const SSJ1 = {
    H, digest, ticket, ticketLine, readJson, verify, verifyText, verifyInSlices, verifyTextInSlices, warningSentence,
    checkHistory, checkHistoryInSlices, runVector, kinds: Object.keys(VECTORS), rank, slices,
  };

  // ---------------------------------------------------------------------------------------------------------
  // 在 Node 里也可以直接运行
  // ---------------------------------------------------------------------------------------------------------

  function main([command, ...rest]) {
    if (command === "ticket" && rest.length === 3) {
      console.log(ticket(...rest));
      return 0;
    }
    if ((command !== "verify" && command !== "history") || rest.length !== 1) {
      console.log("用法：node ssj1.js verify 证据包.json | history 年度证据包.json | ticket 种子 名单 编号");
      return 2;
    }
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(require("fs").readFileSync(rest[0]));
    let report;
    if (command === "verify") {
      report = verifyText(text);
    } else {
      try {
        const box = readJson(text);
        checkKeys(box, ["chain", "bundles", "carry"]);
        report = checkHistory(box.chain, box.bundles, box.carry);
      } catch (error) {
        report = failure(error);
      }
    }
    if (!report.ok) {
      console.log(`核验不一致：${report.sentence}\n代码：${report.error}（第 ${report.step} 步）`);
      if (report.where) console.log(`位置：${report.where}`);
      return 1;
    }
    console.log("核验一致。");
    for (const warning of report.warnings) console.log(`提示：${warningSentence(warning, report.facts)}`);
    if (report.facts.head) console.log(`公示链末端：${report.facts.head}`);
    return 0;
  }

  if (typeof module === "object" && module.exports) {
    module.exports = SSJ1;
    if (require.main === module) process.exitCode = main(process.argv.slice(2));
  } else {
    root.SSJ1 = SSJ1;
  }
})(typeof globalThis === "object" ? globalThis : this);
