// PUB1：任何人都可以核验的公示日志。不依赖任何别的程序，自带 SHA-256，在浏览器和 Node 里都能运行。
//
// 这是按公开的规范另写的第二份实现：系统用 pub1.py 登记，这里只拿规范和下载的文件重新算一遍。
// 树、检查点、分块和证明照 RFC 6962 §2.1 和 C2SP 的格式；下文的 § 都指日志规范的章节。
//
//   PUB1.checkRecord(proof, file, key)         一份公示原文是否登记（§6 record）；返回 Promise
//   PUB1.checkFile(file, checkpoint, key)      整份日志和它的检查点（§6 register）；返回 Promise
//   PUB1.checkData(file, snapshots, complete)  下载的数据是不是各自最新的一版（§6 data）
//   PUB1.checkExtends(old, new)                新的日志有没有改写旧的（§6 witness）
//   PUB1.runVector(kind, input)                测试向量（§6），有的返回 Promise
//
// 文件一律是 Uint8Array；不对的地方抛出 Fault，code 是代码，where 是位置。
// 签名用浏览器自带的 Ed25519 核对；没有的，答 consistent，并说明没有核对签名。

(function (root) {
  "use strict";

  const FAULTS = {
    E_SYNTAX: "内容不合规范",
    E_TIME: "登记时间倒置",
    E_STATE: "版本或状态前后不衔接",
    E_TWICE: "同一份原文登记了两次",
    E_ROOT: "条数或根与内容不符",
    E_SIG: "签名不对，或者不是这个日志的",
    E_DOC: "原文与登记的指纹、种类、编号、版本或状态不符",
    E_PROOF: "证明不成立：这一条不在日志里",
    E_OLD: "这是较早的一版，已有更新的版本",
    E_UNKNOWN: "日志里没有这份原文",
    E_MISSING: "少了日志里现行的公示",
    E_REWRITTEN: "日志已被改写",
    E_SHORTER: "日志比以前见过的短",
  };

  class Fault extends Error {
    constructor(code, where = "") {
      super(`${FAULTS[code]}（${code}）${where && `。${where}`}`);
      this.code = code;
      this.sentence = FAULTS[code];
      this.where = where;
    }
  }

  const malformed = (where) => new Fault("E_SYNTAX", where);

  // ---------------------------------------------------------------------------------------------------------
  // 字节和指纹
  // ---------------------------------------------------------------------------------------------------------

  const K = Uint32Array.from(firstPrimes(64), (prime) => fraction(Math.cbrt(prime)));
  const START = Uint32Array.from(firstPrimes(8), (prime) => fraction(Math.sqrt(prime)));

  function firstPrimes(count) {
    const primes = [];
    for (let n = 2; primes.length < count; n += 1) {
      if (primes.every((prime) => n % prime)) primes.push(n);
    }
    return primes;
  }

  function fraction(value) {
    return Math.floor((value - Math.floor(value)) * 2 ** 32);
  }

  const words = new Uint32Array(64);

  function sha256(data) {
    const state = START.slice();
    const padded = new Uint8Array(((data.length + 72) >> 6) << 6);
    padded.set(data);
    padded[data.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(padded.length - 8, Math.floor(data.length / 2 ** 29));
    view.setUint32(padded.length - 4, (data.length << 3) >>> 0);
    for (let block = 0; block < padded.length; block += 64) compress(state, view, block);
    const out = new Uint8Array(32);
    const result = new DataView(out.buffer);
    state.forEach((word, i) => result.setUint32(4 * i, word));
    return out;
  }

  function compress(state, view, block) {
    for (let i = 0; i < 16; i += 1) words[i] = view.getUint32(block + 4 * i);
    for (let i = 16; i < 64; i += 1) {
      const a = words[i - 15], b = words[i - 2];
      const s0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
      const s1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
      words[i] = (words[i - 16] + s0 + words[i - 7] + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i += 1) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + words[i]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => {
      state[i] += word;
    });
  }

  const bytes = (text) => new TextEncoder().encode(text);
  const hex = (data) => Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const sameBytes = (one, other) => one.length === other.length && one.every((byte, i) => byte === other[i]);

  function joined(...parts) {
    const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let place = 0;
    for (const part of parts) {
      out.set(part, place);
      place += part.length;
    }
    return out;
  }

  function utf8(data, where) {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
    } catch {
      throw malformed(where);
    }
  }

  // 每个字节一个字符：日志里只有 ASCII，别的字节在所在的一行里不合格式。
  function letters(data) {
    let text = "";
    for (let i = 0; i < data.length; i += 32768) text += String.fromCharCode(...data.subarray(i, i + 32768));
    return text;
  }

  // base64（RFC 4648 §4）：有补位，多余的位是零
  function base64(text, length) {
    if (!/^(?:[0-9A-Za-z+/]{4})*(?:[0-9A-Za-z+/]{2}==|[0-9A-Za-z+/]{3}=)?$/.test(text)) throw malformed("base64 的写法不对");
    const data = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    if (btoa(letters(data)) !== text || (length !== undefined && data.length !== length)) {
      throw malformed("base64 的写法或长度不对");
    }
    return data;
  }

  // ---------------------------------------------------------------------------------------------------------
  // §1 公示原文
  // ---------------------------------------------------------------------------------------------------------

  const DEEPEST = 32;
  const LONGEST = 4 * 1024 * 1024;
  const CHANGES = ["correction", "adjustment", "completion", "withdrawal"];

  function written(value, depth, normal) {
    if (value === null || typeof value === "boolean") return String(value);
    if (typeof value === "number") {
      if (!Number.isInteger(value) || Math.abs(value) >= 1e15) throw malformed("数字只能是不超过 15 位的整数");
      return String(value);
    }
    if (typeof value === "string") {
      if (value.includes("\0") || /[\ud800-\udfff]/u.test(value)) throw malformed("文字里有不许出现的字符");
      return JSON.stringify(normal ? value.normalize("NFC") : value);
    }
    if (typeof value !== "object") throw malformed("有不许出现的值");
    if (depth > DEEPEST) throw malformed(`嵌套超过 ${DEEPEST} 层`);
    if (Array.isArray(value)) return `[${value.map((one) => written(one, depth + 1, normal)).join()}]`;
    const keys = Object.keys(value).sort();
    if (!keys.every((key) => /^[a-z][a-z0-9_]*$/.test(key))) throw malformed("项目名不对");
    return `{${keys.map((key) => `"${key}":${written(value[key], depth + 1, normal)}`).join()}}`;
  }

  function canonical(value, normal = true) {
    const text = written(value, 1, normal);
    if (bytes(text).length > LONGEST) throw malformed("原文超过 4 MiB");
    return text;
  }

  function said(value, data) {
    const { kind, no, version, salt } = value;
    if (typeof kind !== "string" || typeof no !== "string") throw malformed("原文没有写明种类和编号");
    if (!Number.isInteger(version) || version < 1) throw malformed("原文没有写明版本");
    if (typeof salt !== "string" || !/^[0-9a-f]{32}$/.test(salt)) throw malformed("原文没有随机数");
    const change = Object.hasOwn(value, "change") ? value.change : "";
    if (Object.hasOwn(value, "change") !== version > 1 || (version > 1 && !CHANGES.includes(change))) {
      throw malformed("原文的变动与版本不符");
    }
    return { kind, no, version, change, doc: hex(sha256(data)), value };
  }

  // 严格读取：文件必须就是所含内容的规范写法；重写一遍，与原来的字节比较
  function readSnapshot(data) {
    if (data.length > LONGEST) throw malformed("原文超过 4 MiB");
    const text = utf8(data, "原文不是 UTF-8");
    let value;
    try {
      value = JSON.parse(text);
    } catch {
      throw malformed("原文不是完整的 JSON");
    }
    if (value === null || typeof value !== "object" || Array.isArray(value) || canonical(value, false) !== text) {
      throw malformed("原文不是规范写法");
    }
    return said(value, data);
  }

  // ---------------------------------------------------------------------------------------------------------
  // §2 登记条目
  // ---------------------------------------------------------------------------------------------------------

  const FIELDS = ["kind", "no", "version", "state", "doc", "at"];
  const TYPES = [
    "([0-9A-Z][0-9A-Z_-]{0,31})", "([0-9A-Z][0-9A-Z._-]{0,63})", "([1-9][0-9]{0,8})", "(ISSUED|CORRECTED|WITHDRAWN)",
    "([0-9a-f]{64})", "([12][0-9]{3}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\+08:00)",
  ];
  const LINE = new RegExp(`^${TYPES.join("\t")}$`);
  const ENTRY = new RegExp(`^PUB1 ENTRY\n${FIELDS.map((name, i) => `${name}\t${TYPES[i]}\n`).join("")}end\t6\n$`);
  const END = /^end\t(0|[1-9][0-9]{0,8})\t([0-9a-f]{64})$/;
  const days = new Map();

  function isDay(day) {
    if (!days.has(day)) {
      const [year, month, date] = day.split("-").map(Number);
      const made = new Date(Date.UTC(year, month - 1, date));
      days.set(day, made.getUTCMonth() === month - 1 && made.getUTCDate() === date);
    }
    return days.get(day);
  }

  const document_ = (fields) => `PUB1 ENTRY\n${FIELDS.map((name, i) => `${name}\t${fields[i]}\n`).join("")}end\t6\n`;

  function readEntry(text) {
    const found = ENTRY.exec(text);
    if (!found || !isDay(found[6].slice(0, 10))) throw malformed("登记条目的写法不对");
    return Object.fromEntries(FIELDS.map((name, i) => [name, i === 2 ? Number(found[3]) : found[i + 1]]));
  }

  // ---------------------------------------------------------------------------------------------------------
  // §3、§4 树、分块、检查点
  // ---------------------------------------------------------------------------------------------------------

  const EMPTY = sha256(new Uint8Array());
  const TILE = 256;
  const leafHash = (document) => sha256(joined([0], bytes(document)));
  const nodeHash = (left, right) => sha256(joined([1], left, right));

  function half(size) {
    let power = 1;
    while (power * 2 < size) power *= 2;
    return power;
  }

  // 每一层的指纹只算一次；不满的子树另外合并
  function treeOf(leaves) {
    const levels = [leaves];
    for (let level = leaves; level.length > 1;) {
      const next = [];
      for (let i = 0; i + 1 < level.length; i += 2) next.push(nodeHash(level[i], level[i + 1]));
      levels.push((level = next));
    }
    const rootOf = (first, size) => {
      if (size === 0) return EMPTY;
      if ((size & (size - 1)) === 0) return levels[Math.log2(size)][first / size];
      const left = half(size);
      return nodeHash(rootOf(first, left), rootOf(first + left, size - left));
    };
    return { size: leaves.length, rootOf, root: rootOf(0, leaves.length) };
  }

  function inclusion(tree, index) {
    const path = [];
    let first = 0, size = tree.size;
    while (size > 1) {
      const left = half(size);
      if (index - first < left) {
        path.unshift(tree.rootOf(first + left, size - left));
        size = left;
      } else {
        path.unshift(tree.rootOf(first, left));
        first += left;
        size -= left;
      }
    }
    return path;
  }

  function consistency(tree, from) {
    const path = [];
    let first = 0, old = from, size = tree.size, whole = true;
    while (old !== size) {
      const left = half(size);
      if (old <= left) {
        path.unshift(tree.rootOf(first + left, size - left));
        size = left;
      } else {
        path.unshift(tree.rootOf(first, left));
        first += left;
        old -= left;
        size -= left;
        whole = false;
      }
    }
    if (!whole) path.unshift(tree.rootOf(first, size));
    return path;
  }

  // 序号可到 15 位，位运算只有 32 位，所以用除法
  function rootBy(leaf, index, size, path) {
    if (index >= size) throw new Fault("E_PROOF", "序号不小于条数");
    let place = index, last = size - 1, found = leaf;
    const up = () => {
      place = Math.floor(place / 2);
      last = Math.floor(last / 2);
    };
    for (const sibling of path) {
      if (last === 0) throw new Fault("E_PROOF", "证明过长");
      if (place % 2 || place === last) {
        found = nodeHash(sibling, found);
        while (place % 2 === 0 && place) up();
      } else {
        found = nodeHash(found, sibling);
      }
      up();
    }
    if (last) throw new Fault("E_PROOF", "证明过短");
    return found;
  }

  function tilePath(level, number, width) {
    const digits = String(number);
    const parts = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/.{3}/g);
    const name = parts.map((part, i) => (i < parts.length - 1 ? `x${part}` : part)).join("/");
    return `tile/${level}/${name}${width < TILE ? `.p/${width}` : ""}`;
  }

  function tiles(documents) {
    const found = {};
    const cut = (level, items, data) => {
      for (let first = 0; first < items.length; first += TILE) {
        const part = items.slice(first, first + TILE);
        found[tilePath(level, first / TILE, part.length)] = data(part);
      }
    };
    cut("entries", documents.map(bytes), (part) =>
      joined(...part.flatMap((one) => [[one.length >> 8, one.length & 255], one])));
    let hashes = documents.map(leafHash);
    for (let level = 0; hashes.length; level += 1) {
      cut(level, hashes, (part) => joined(...part));
      const next = [];
      for (let i = 0; (i + 1) * TILE <= hashes.length; i += 1) {
        next.push(treeOf(hashes.slice(i * TILE, (i + 1) * TILE)).root);
      }
      hashes = next;
    }
    return found;
  }

  const NAME = "[^\\s+\\x00-\\x20\\x7f]+";
  const SIZE = /^(?:0|[1-9][0-9]{0,14})$/;

  function readKey(text) {
    const found = new RegExp(`^(${NAME})\\+([0-9a-f]{8})\\+(.*)$`, "s").exec(text);
    if (!found) throw malformed("公钥的写法不对");
    const [, name, id, rest] = found;
    const data = base64(rest, 33);
    if (data[0] !== 1 || hex(sha256(joined(bytes(`${name}\n`), data)).slice(0, 4)) !== id) {
      throw malformed("公钥的写法不对");
    }
    return { name, id, raw: data.slice(1) };
  }

  function readCheckpoint(data) {
    const lines = utf8(data, "检查点不是 UTF-8").split("\n");
    if (
      lines.length < 6 || lines[3] || lines.at(-1) || !new RegExp(`^${NAME}$`).test(lines[0]) || !SIZE.test(lines[1])
    ) {
      throw malformed("检查点的写法不对");
    }
    const head = base64(lines[2], 32);
    const signatures = lines.slice(4, -1).map((line) => {
      const found = new RegExp(`^— (${NAME}) ([0-9A-Za-z+/=]+)$`).exec(line);
      const signature = found ? base64(found[2]) : [];
      if (signature.length < 5) throw malformed("签名行的写法不对");
      return { name: found[1], id: hex(signature.slice(0, 4)), signature: signature.slice(4) };
    });
    return { origin: lines[0], size: Number(lines[1]), root: head, body: `${lines.slice(0, 3).join("\n")}\n`, signatures };
  }

  // 答签名是不是核对过了；浏览器没有 Ed25519 的，答 false
  async function checkSignature(checkpoint, key) {
    const own = checkpoint.signatures.filter((one) => one.name === key.name && one.id === key.id);
    if (checkpoint.origin !== key.name || !own.length) throw new Fault("E_SIG", `来源是 ${checkpoint.origin}`);
    const subtle = root.crypto && root.crypto.subtle;
    let known;
    try {
      known = await subtle.importKey("raw", key.raw, { name: "Ed25519" }, false, ["verify"]);
    } catch {
      return false;
    }
    for (const { signature } of own) {
      if (!(await subtle.verify({ name: "Ed25519" }, known, signature, bytes(checkpoint.body)))) {
        throw new Fault("E_SIG", "签名与内容不符");
      }
    }
    return true;
  }

  // ---------------------------------------------------------------------------------------------------------
  // §5 整份日志
  // ---------------------------------------------------------------------------------------------------------

  function checkRegister(data) {
    const lines = letters(data).split("\n");
    if (lines[0] !== "PUB1 REGISTER") throw malformed("第 1 行不是 PUB1 REGISTER");
    const leaves = [], entries = [], newest = new Map(), docs = new Set();
    let last = "";
    for (let i = 1; i < lines.length; i += 1) {
      const where = `第 ${i + 1} 行`;
      const found = LINE.exec(lines[i]);
      if (!found || !isDay(found[6].slice(0, 10))) {
        const end = END.exec(lines[i]);
        if (!end || i !== lines.length - 2 || lines[i + 1]) throw malformed(where);
        const tree = treeOf(leaves);
        if (Number(end[1]) !== tree.size || end[2] !== hex(tree.root)) {
          throw new Fault("E_ROOT", `实有 ${tree.size} 条，根 ${hex(tree.root)}`);
        }
        const standing = [...newest.values()].filter((one) => one.state !== "WITHDRAWN").length;
        return { size: tree.size, root: tree.root, tree, standing, newest, entries, lines: lines.slice(1, i) };
      }
      const fields = found.slice(1);
      const [kind, no, version, state, doc, at] = fields;
      if (at < last) throw new Fault("E_TIME", where);
      last = at;
      const number = `${kind}\t${no}`;
      const before = newest.get(number) || { version: 0, state: "" };
      if (
        Number(version) !== before.version + 1 || (state === "ISSUED") !== (before.version === 0) ||
        (before.state === "WITHDRAWN" && state !== "CORRECTED")
      ) {
        throw new Fault("E_STATE", where);
      }
      if (docs.has(doc)) throw new Fault("E_TWICE", where);
      docs.add(doc);
      newest.set(number, { version: before.version + 1, state, doc });
      entries.push(fields);
      leaves.push(leafHash(document_(fields)));
    }
    throw malformed(`第 ${lines.length} 行：没有结尾`);
  }

  // ---------------------------------------------------------------------------------------------------------
  // §6 四种核验
  // ---------------------------------------------------------------------------------------------------------

  function readProof(data) {
    const text = utf8(data, "证明的写法不对");
    const cut = text.indexOf("\n\n");
    const lines = text.slice(0, Math.max(cut, 0)).split("\n");
    if (cut < 0 || lines.shift() !== "c2sp.org/tlog-proof@v1") throw malformed("证明的写法不对");
    let extra = new Uint8Array();
    if (lines.length && lines[0].startsWith("extra ")) extra = base64(lines.shift().slice(6));
    const place = lines.length ? /^index (.*)$/.exec(lines.shift()) : null;
    if (!place || !SIZE.test(place[1])) throw malformed("证明没有序号");
    const path = lines.map((line) => base64(line, 32));
    return { extra: letters(extra), place: Number(place[1]), path, checkpoint: readCheckpoint(bytes(text.slice(cut + 2))) };
  }

  async function signed(checkpoint, key) {
    return key && (await checkSignature(checkpoint, key)) ? "ok" : "consistent";
  }

  async function checkRecord(proof, file, key = null) {
    const { extra, place, path, checkpoint } = readProof(proof);
    const known = key === null ? null : readKey(key);
    const entry = readEntry(extra);
    const snapshot = readSnapshot(file);
    if (["doc", "kind", "no", "version"].some((name) => snapshot[name] !== entry[name])) {
      throw new Fault("E_DOC", `登记的是 ${entry.kind} ${entry.no} 第 ${entry.version} 版`);
    }
    if ((snapshot.change === "withdrawal") !== (entry.state === "WITHDRAWN")) {
      throw new Fault("E_DOC", "撤下与原文的变动不符");
    }
    if (!sameBytes(rootBy(leafHash(extra), place, checkpoint.size, path), checkpoint.root)) {
      throw new Fault("E_PROOF", "算出的根与检查点不同");
    }
    return { answer: await signed(checkpoint, known), entry, checkpoint, snapshot, index: place, steps: path.length };
  }

  async function checkFile(file, checkpoint = null, key = null) {
    const register = checkRegister(file);
    if (checkpoint === null) return { answer: "consistent", register, checkpoint: null };
    const note = readCheckpoint(checkpoint);
    const known = key === null ? null : readKey(key);
    if (note.size !== register.size || !sameBytes(note.root, register.root)) {
      throw new Fault("E_ROOT", `检查点是 ${note.size} 条、${hex(note.root)}`);
    }
    return { answer: await signed(note, known), register, checkpoint: note };
  }

  function checkData(file, snapshots, complete = null) {
    const register = checkRegister(file);
    const known = new Set(register.entries.map(([kind, no, , , doc]) => `${kind}\t${no}\t${doc}`));
    const met = new Set();
    let first = 0, number = 0;
    for (let end; (end = snapshots.indexOf(10, first)) >= 0; first = end + 1) {
      const where = `第 ${(number += 1)} 行`;
      let found;
      try {
        found = readSnapshot(snapshots.subarray(first, end));
      } catch (error) {
        throw error instanceof Fault ? new Fault(error.code, `${where}：${error.where}`) : error;
      }
      const name = `${found.kind}\t${found.no}`;
      if (!known.has(`${name}\t${found.doc}`)) throw new Fault("E_UNKNOWN", where);
      if (register.newest.get(name).doc !== found.doc) throw new Fault("E_OLD", where);
      met.add(name);
    }
    if (first < snapshots.length) throw malformed(`第 ${number + 1} 行没有换行`);
    for (const [name, { state }] of register.newest) {
      if (complete !== null && name.startsWith(`${complete}\t`) && state !== "WITHDRAWN" && !met.has(name)) {
        throw new Fault("E_MISSING", name.replace("\t", " "));
      }
    }
    return number;
  }

  function checkExtends(old, now) {
    const common = Math.min(old.lines.length, now.lines.length);
    for (let i = 0; i < common; i += 1) {
      if (old.lines[i] !== now.lines[i]) throw new Fault("E_REWRITTEN", `第 ${i} 条`);
    }
    if (now.size < old.size) throw new Fault("E_SHORTER", `以前有 ${old.size} 条，现在 ${now.size} 条`);
  }

  // ---------------------------------------------------------------------------------------------------------
  // §6 测试向量
  // ---------------------------------------------------------------------------------------------------------

  const registerOf = (text) => checkRegister(bytes(text));

  const VECTORS = {
    write({ snapshot }) {
      const text = canonical(snapshot);
      return { text, doc: said(snapshot, bytes(text)).doc };
    },
    digest: ({ file }) => ({ doc: readSnapshot(bytes(file)).doc }),
    leaf(given) {
      const document = document_(FIELDS.map((name) => given[name] ?? ""));
      readEntry(document);
      return { document, leaf: hex(leafHash(document)) };
    },
    register({ file }) {
      const { size, root: head, standing } = registerOf(file);
      return { entries: size, root: hex(head), standing };
    },
    inclusion: ({ file, index }) => ({ path: inclusion(registerOf(file).tree, index).map(hex) }),
    consistency: ({ file, from }) => ({ path: consistency(registerOf(file).tree, from).map(hex) }),
    tiles({ file }) {
      const found = tiles(registerOf(file).entries.map(document_));
      return Object.fromEntries(Object.entries(found).map(([path, data]) => [path, hex(sha256(data))]));
    },
    proof: async ({ proof, file, key }) => (await checkRecord(bytes(proof), bytes(file), key)).answer,
    data: ({ file, snapshots, complete }) => ({ lines: checkData(bytes(file), bytes(snapshots), complete) }),
    witness({ old, new: now }) {
      checkExtends(registerOf(old), registerOf(now));
      return "ok";
    },
  };

  async function runVector(kind, input) {
    try {
      return await VECTORS[kind](input);
    } catch (error) {
      if (error instanceof Fault) return error.code;
      throw error;
    }
  }

  const PUB1 = {
    Fault, canonical, readSnapshot, readCheckpoint, checkRegister, checkRecord, checkFile, checkData, checkExtends, hex,
    runVector, kinds: Object.keys(VECTORS),
  };

  if (typeof module === "object" && module.exports) module.exports = PUB1;
  else root.PUB1 = PUB1;
})(typeof globalThis === "object" ? globalThis : this);
