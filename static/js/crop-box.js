// <crop-box>: a box drawn on the picture inside, by mouse, finger, pen and keyboard. `box` is left, top, right, bottom
// as fractions of the picture; all of it is [0, 0, 1, 1]. An "input" event follows every change by hand; while it has
// data-waiting there are none. The smallest box is as many pixels as the next data-least around it says.

const WHOLE = [0, 0, 1, 1];
const STEP = 0.01;
// So many CSS pixels are a slip of the hand, not a box.
const SLIP = 4;
const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

const rounded = (edge) => Math.round(edge * 1e4) / 1e4;
const within = (value, least, most) => Math.min(most, Math.max(least, value));

class CropBox extends HTMLElement {
  #box = WHOLE;
  #drag = null;

  connectedCallback() {
    this.addEventListener("pointerdown", (event) => this.#grab(event));
    this.addEventListener("pointermove", (event) => this.#pull(event));
    this.addEventListener("pointerup", (event) => this.#letGo(event));
    this.addEventListener("pointercancel", (event) => this.#giveBack(event));
    this.addEventListener("keydown", (event) => this.#press(event));
    this.#draw();
  }

  get box() {
    return [...this.#box];
  }

  set box(edges) {
    this.#box = edges.map((edge) => rounded(within(edge, 0, 1)));
    this.#draw();
  }

  get isWhole() {
    return this.#box.every((edge, place) => edge === WHOLE[place]);
  }

  // The smallest box, across and down, by the picture's pixels.
  get least() {
    const picture = this.querySelector("img");
    const pixels = Number(this.closest("[data-least]").dataset.least);
    return [picture.naturalWidth, picture.naturalHeight].map((side) => Math.min(1, pixels / (side || 1)));
  }

  change(edges) {
    this.box = edges;
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #draw() {
    ["--left", "--top", "--right", "--bottom"].forEach((name, place) => {
      this.style.setProperty(name, `${this.#box[place] * 100}%`);
    });
    this.toggleAttribute("data-whole", this.isWhole);
  }

  #place({ clientX, clientY }) {
    const area = this.getBoundingClientRect();
    return [within((clientX - area.left) / area.width, 0, 1), within((clientY - area.top) / area.height, 0, 1)];
  }

  #grab(event) {
    if (event.button !== 0 || !event.isPrimary || this.#drag) return;
    const edges = event.target.dataset.edge;
    const moves = !edges && !this.isWhole && event.target.closest(".frame");
    this.#drag = { edges, moves, from: this.#place(event), at: [event.clientX, event.clientY], before: this.box };
    this.setPointerCapture(event.pointerId);
  }

  #pull(event) {
    const drag = this.#drag;
    if (!drag || !event.isPrimary) return;
    drag.isMeant ||= Math.hypot(event.clientX - drag.at[0], event.clientY - drag.at[1]) >= SLIP;
    if (!drag.isMeant) return;
    const to = this.#place(event);
    if (drag.moves) this.change(this.#moved(drag.before, to[0] - drag.from[0], to[1] - drag.from[1]));
    else if (drag.edges) this.change(this.#resized(drag.before, drag.edges, to));
    else this.change(this.#drawn(drag.from, to));
  }

  #letGo(event) {
    if (event.isPrimary) this.#drag = null;
  }

  #giveBack(event) {
    if (!this.#drag || !event.isPrimary) return;
    this.change(this.#drag.before);
    this.#drag = null;
  }

  #moved([left, top, right, bottom], across, down) {
    const x = within(across, -left, 1 - right);
    const y = within(down, -top, 1 - bottom);
    return [left + x, top + y, right + x, bottom + y];
  }

  #resized([left, top, right, bottom], edges, [x, y]) {
    const [across, down] = this.least;
    return [
      edges.includes("w") ? Math.min(x, right - across) : left,
      edges.includes("n") ? Math.min(y, bottom - down) : top,
      edges.includes("e") ? Math.max(x, left + across) : right,
      edges.includes("s") ? Math.max(y, top + down) : bottom,
    ];
  }

  #drawn(from, to) {
    const spans = this.least.map((least, axis) => {
      const [first, last] = [from[axis], to[axis]].sort((one, other) => one - other);
      const start = Math.min(first, 1 - least);
      return [start, Math.max(last, start + least)];
    });
    return [spans[0][0], spans[1][0], spans[0][1], spans[1][1]];
  }

  // The right and the lower edge follow the arrow; at the photo's border the opposite one makes room.
  #stretched([left, top, right, bottom], across, down) {
    const [x, y] = this.least;
    const beyond = [Math.max(0, rounded(right + across - 1)), Math.max(0, rounded(bottom + down - 1))];
    return [
      left - beyond[0],
      top - beyond[1],
      across ? within(right + across, left + x, 1) : right,
      down ? within(bottom + down, top + y, 1) : bottom,
    ];
  }

  #press(event) {
    // Until the photo is there, nobody knows what a step would change.
    if ("waiting" in this.dataset || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) this.change(event.shiftKey ? this.#stretched(this.box, ...arrow) : this.#moved(this.box, ...arrow));
    else if (event.key === "Home") this.change(WHOLE);
    else if (event.key === "Enter") this.closest("form").requestSubmit();
    else return;
    event.preventDefault();
  }
}

customElements.define("crop-box", CropBox);
