/* <shop-gallery>: thumbnails scroll the strip of pictures instead of the page, and follow it. */
customElements.define("shop-gallery", class extends HTMLElement {
  connectedCallback() {
    this.track = this.querySelector(".gallery__track");
    this.shots = [...this.track.children];
    this.thumbs = [...this.querySelectorAll(".gallery__thumbs a")];
    this.thumbs.forEach((thumb, at) => thumb.addEventListener("click", (event) => {
      event.preventDefault();
      this.go(at);
    }));
    this.track.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.go(this.now() + step);
    });
    this.track.addEventListener("scroll", () => this.mark(this.now()), { passive: true });
    document.addEventListener("variant", ({ detail }) => {
      const at = this.shots.findIndex((shot) => detail.picture && shot.dataset.name === detail.picture);
      if (at >= 0) this.go(at, "instant");
    });
  }

  now() { return Math.round(this.track.scrollLeft / this.track.clientWidth); }

  go(at, behavior) {
    const calm = behavior || (matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");
    this.track.scrollTo({ left: at * this.track.clientWidth, behavior: calm });
  }

  mark(now) {
    this.thumbs.forEach((thumb, at) => {
      if (at === now) thumb.setAttribute("aria-current", "true");
      else thumb.removeAttribute("aria-current");
    });
  }
});
