/* The form of a picture with points: click into the picture to add a point, drag a point to move it. The number fields work without this. */
(() => {
  const { StructBlockDefinition } = window.wagtailStreamField.blocks;
  const clamp = (number) => Math.min(100, Math.max(0, Math.round(number)));

  class Stage {
    constructor(block, meta) {
      this.block = block;
      this.meta = meta;
      this.points = block.childBlocks.points;
      this.root = document.createElement("div");
      this.root.className = "hotspots-stage";
      this.root.hidden = true;
      this.frame = document.createElement("div");
      this.frame.className = "hotspots-stage__frame";
      this.picture = document.createElement("img");
      this.picture.alt = "";
      this.picture.draggable = false;
      this.frame.append(this.picture);
      this.root.append(this.frame);
      this.frame.addEventListener("click", (event) => this.add(event));
      const form = this.place();
      form.addEventListener("input", () => this.show());
      form.addEventListener("change", () => this.show());
      new MutationObserver((changes) => {
        if (changes.some((change) => !this.root.contains(change.target))) this.show();
      }).observe(form, { childList: true, subtree: true, attributes: true, attributeFilter: ["value", "src", "class"] });
      this.show();
    }

    /* Stand before the points and return the form that holds all of it. */
    place() {
      const list = this.points.container[0];
      list.before(this.root);
      return list.closest("[data-contentpath='points']").parentElement;
    }

    places() {
      return this.points.children.map((child) => (child.block || child).childBlocks);
    }

    show() {
      const id = this.block.childBlocks.image.getValue();
      this.root.hidden = !id;
      if (!id) return;
      const address = this.meta.picture.replace("/0/", `/${id}/`);
      if (this.picture.getAttribute("src") !== address) this.picture.src = address;
      const places = this.places();
      const marks = [...this.frame.querySelectorAll("button")];
      marks.slice(places.length).forEach((mark) => mark.remove());
      places.forEach((fields, at) => {
        const mark = marks[at] || this.mark(at);
        mark.style.left = `${clamp(Number(fields.x.getValue()) || 0)}%`;
        mark.style.top = `${clamp(Number(fields.y.getValue()) || 0)}%`;
      });
    }

    mark(at) {
      const mark = document.createElement("button");
      mark.type = "button";
      mark.textContent = String(at + 1);
      mark.setAttribute("aria-label", `${this.meta.words.point} ${at + 1}`);
      mark.addEventListener("click", (event) => event.stopPropagation());
      mark.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        mark.setPointerCapture(event.pointerId);
        mark.focus();
      });
      mark.addEventListener("pointermove", (event) => {
        if (mark.hasPointerCapture(event.pointerId)) this.move(at, this.where(event));
      });
      mark.addEventListener("keydown", (event) => {
        const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
        if (!step) return;
        event.preventDefault();
        const fields = this.places()[at];
        this.move(at, { x: clamp(Number(fields.x.getValue()) + step[0]), y: clamp(Number(fields.y.getValue()) + step[1]) });
      });
      this.frame.append(mark);
      return mark;
    }

    move(at, { x, y }) {
      const fields = this.places()[at];
      fields.x.setState(x);
      fields.y.setState(y);
      this.show();
      this.frame.dispatchEvent(new Event("change", { bubbles: true })); // the draft is not saved any more
    }

    add(event) {
      const there = this.where(event);
      const places = this.places();
      const free = places.findIndex((fields) => !fields.product.getValue() && fields.x.getValue() == 50 && fields.y.getValue() == 50);
      if (free >= 0) {
        this.move(free, there); // the empty point that a new band begins with
      } else if (places.length < this.meta.mostPoints) {
        const fresh = { ...this.points.blockDef.initialChildState, ...there };
        this.points.insert(fresh, places.length, { animate: false, id: crypto.randomUUID() });
        this.show();
      }
    }

    where(event) {
      const box = this.frame.getBoundingClientRect();
      return { x: clamp(((event.clientX - box.left) / box.width) * 100), y: clamp(((event.clientY - box.top) / box.height) * 100) };
    }
  }

  class HotspotsBlockDefinition extends StructBlockDefinition {
    render(placeholder, prefix, initialState, initialError) {
      const block = super.render(placeholder, prefix, initialState, initialError);
      try {
        new Stage(block, this.meta);
      } catch (trouble) {
        console.error(trouble); // the number fields are there all the same
      }
      return block;
    }
  }

  window.telepath.register("maru.blocks.HotspotsBlock", HotspotsBlockDefinition);
})();
