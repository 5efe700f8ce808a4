// 手写签名：笔迹（坐标）和图一起放进表单，抬笔就放。没有脚本时在打印件上签，拍照上传。
const INK = "#17211F";

for (const pad of document.querySelectorAll("[data-pad]")) {
  const form = pad.closest("form");
  const canvas = document.createElement("canvas");
  const again = form.querySelector("[data-pad-again]");
  const done = form.querySelector("[data-pad-done]");
  const hint = pad.querySelector("b");
  let strokes = [];
  let stroke = null;
  pad.hidden = false;
  for (const link of form.querySelectorAll("[data-without-pad]")) link.hidden = true;
  pad.prepend(canvas);

  const pen = () => {
    const scale = window.devicePixelRatio || 1;
    const { width, height } = pad.getBoundingClientRect();
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const drawn = canvas.getContext("2d");
    drawn.scale(scale, scale);
    Object.assign(drawn, { lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: INK });
    return drawn;
  };
  const draw = () => {
    const drawn = pen();
    for (const points of strokes) {
      drawn.beginPath();
      points.forEach(([x, y], n) => (n ? drawn.lineTo(x, y) : drawn.moveTo(x, y)));
      drawn.stroke();
    }
    hint.hidden = strokes.length > 0;
    again.hidden = strokes.length === 0;
    if (done) done.hidden = strokes.length === 0 || "kept" in form.dataset;
  };
  const keep = () => {
    const written = strokes.filter((points) => points.length > 1);
    form.elements.path.value = written.length ? JSON.stringify(written) : "";
    form.elements.picture.value = written.length ? canvas.toDataURL("image/png") : "";
    form.elements.path.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const at = (event) => {
    const { left, top } = canvas.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top].map((n) => Math.round(n * 10) / 10);
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    if ("kept" in form.dataset) strokes = []; // 重新签的，不写在原来的上面
    delete form.dataset.kept;
    stroke = [at(event)];
    strokes.push(stroke);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    stroke.push(at(event));
    draw();
  });
  const up = () => {
    if (!stroke) return;
    stroke = null;
    strokes = strokes.filter((points) => points.length > 1);
    draw();
    keep();
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  again.addEventListener("click", () => {
    delete form.dataset.kept;
    strokes = [];
    draw();
    keep();
  });
  // 写了一半的签名，再打开时还在（field.js 填回来）
  const restore = () => {
    if (stroke || strokes.length || !form.elements.path.value) return;
    strokes = JSON.parse(form.elements.path.value);
    draw();
  };
  form.elements.path.addEventListener("change", restore);
  window.addEventListener("resize", draw);
  draw();
  restore();
}
