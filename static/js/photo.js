/* 拍照：在手机上缩小、算指纹、记时间和位置，然后照常提交所在的表单。没有脚本时，表单自己就能用。
   Each input[data-photo] belongs to a form with hidden fields sha256, taken_at, latitude, longitude, accuracy,
   original_size; data-longest of the form is the longer side in pixels. */
(function () {
  "use strict";

  /* The picture as JPEG, at most `longest` pixels on its longer side, upright, without what the camera wrote beside it. */
  async function shrink(file, longest) {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    if (!blob) throw new Error("no picture");
    const name = file.name.replace(/\.[^.]*$/, "") || "photo";
    return new File([blob], name + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
  }

  /* SHA-256 in hexadecimal; "" where the browser has none (no https). */
  async function digest(file) {
    if (!window.crypto || !crypto.subtle) return "";
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /* Where we are, if the phone says so within five seconds; indoors and without leave it is nothing. */
  function place() {
    return new Promise((done) => {
      if (!navigator.geolocation) return done(null);
      const late = setTimeout(done, 5000, null);
      const answer = (found) => (clearTimeout(late), done(found));
      navigator.geolocation.getCurrentPosition((p) => answer(p.coords), () => answer(null), {
        enableHighAccuracy: true, timeout: 5000, maximumAge: 30000,
      });
    });
  }

  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  const megabytes = (size) => Math.max(size / 1048576, 0.1).toFixed(1).replace(/\.0$/, "") + " MB";

  /* As the fields of the form have it. */
  async function where() {
    const coords = await place();
    return {
      latitude: coords ? coords.latitude.toFixed(6) : "",
      longitude: coords ? coords.longitude.toFixed(6) : "",
      accuracy: coords ? String(Math.round(coords.accuracy)) : "",
    };
  }

  /* What will be sent, and what the phone says about it. A picture that this browser cannot open goes as it is. */
  async function prepare(file, longest) {
    const small = file.type.startsWith("video/") ? file : await shrink(file, longest).catch(() => file);
    const taken = new Date(Math.min(file.lastModified || Date.now(), Date.now()));
    return { file: small, told: { sha256: await digest(small), taken_at: taken.toISOString(), original_size: String(file.size) } };
  }

  /* Once the outbox has put the photograph into the store (field.js): the event says which. */
  const kept = (form, sha256) =>
    new Promise((done) => {
      form.addEventListener("kept", function hear(event) {
        if (event.detail !== sha256) return;
        form.removeEventListener("kept", hear);
        done();
      });
    });

  /* On a page that stays: a small picture of what was kept, and where it is. It was in the store: once it is no longer
     there, the server has it, however soon that was. */
  async function preview(input, file, sha256) {
    const before = input.closest("figure");
    if (!before || typeof Field === "undefined") return;
    await kept(input.form, sha256);
    const picture = await createImageBitmap(file).catch(() => null);
    if (!picture) return;
    const figure = document.createElement("figure");
    const canvas = figure.appendChild(document.createElement("canvas"));
    const words = figure.appendChild(document.createElement("figcaption"));
    canvas.width = canvas.height = 200;
    const side = Math.min(picture.width, picture.height);
    const from = [(picture.width - side) / 2, (picture.height - side) / 2, side, side];
    canvas.getContext("2d").drawImage(picture, ...from, 0, 0, 200, 200);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", "刚拍的照片");
    before.before(figure);
    const time = new Date().toTimeString().slice(0, 5);
    const is = (item) => (item.fields || []).some(([name, value]) => name === "sha256" && value === sha256);
    for (; figure.isConnected && (await Field.get("key")); await new Promise((later) => setTimeout(later, 1500))) {
      const item = (await Field.mine()).find(is);
      const sent = !item || item.state === Field.SENT;
      const refused = item && item.state === Field.REFUSED;
      const text = sent ? "已上传" : refused ? "没有传上去：" + item.answer.why : "已存在手机，等上传";
      words.innerHTML = '<br><span class="st"><span></span></span>';
      words.prepend(time);
      words.querySelector(".st").classList.add(sent ? "st-ok" : refused ? "st-bad" : "st-warn");
      words.querySelector(".st span").textContent = text;
      if (sent) return;
    }
  }

  async function shoot(input) {
    const form = input.form;
    const file = input.files[0];
    if (!form || !file || form.dataset.shooting) return;
    const near = input.closest("figure, form") || form;
    const state = near.querySelector("[data-photo-state]");
    const say = (words) => { if (state) state.textContent = words; };
    const most = Number(input.dataset.most);
    if (most && file.size > most * 1048576) {
      input.value = "";
      return say(`视频 ${Math.ceil(file.size / 1048576)} MB，最多 ${most} MB。拍短一点再传`);
    }
    form.dataset.shooting = "1";
    say(most ? "正在算指纹…" : "正在缩小…");
    try {
      /* The outbox keeps the photograph first and adds the place when it comes (field.js); what is sent at once waits. */
      form.benxiPlace = where();
      const made = await prepare(file, Number(form.dataset.longest) || 2000);
      if (typeof Field === "undefined" || !Field.able) Object.assign(made.told, await form.benxiPlace);
      else Object.assign(made.told, { latitude: "", longitude: "", accuracy: "" });
      const chosen = new DataTransfer();
      chosen.items.add(made.file);
      input.files = chosen.files;
      for (const [name, value] of Object.entries(made.told)) form.elements[name].value = value;
      if (form.elements.form_key) form.elements.form_key.value = newKey();
      const [before, after] = [megabytes(file.size), megabytes(made.file.size)];
      say(before === after || made.file.size > file.size ? "" : `原图 ${before}，缩到 ${after}`);
      form.requestSubmit();
      preview(input, made.file, made.told.sha256);
    } catch {
      say("这张照片没有处理好，再拍一次");
    } finally {
      delete form.dataset.shooting;
    }
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("input[data-photo]")) shoot(event.target);
  });

  /* The button of the bar takes the photograph; without a script it sends what was chosen. */
  for (const button of document.querySelectorAll("button[data-shoot]")) {
    const input = button.form && button.form.querySelector("input[data-photo]");
    if (!input) continue;
    button.querySelector("span").textContent = button.dataset.shoot;
    button.addEventListener("click", (event) => {
      event.preventDefault();
      input.click();
    });
    input.closest(".f").hidden = true;
  }
})();
