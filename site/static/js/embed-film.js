/* <embed-film data-frame data-title>: load the film of another house when somebody presses play, and not before. */
customElements.define("embed-film", class extends HTMLElement {
  connectedCallback() {
    this.querySelector("a").addEventListener("click", (event) => {
      event.preventDefault();
      const frame = document.createElement("iframe");
      frame.src = this.dataset.frame;
      frame.title = this.dataset.title;
      frame.allow = "autoplay; fullscreen; picture-in-picture; encrypted-media";
      frame.referrerPolicy = "strict-origin-when-cross-origin"; // players refuse to start without
      this.replaceChildren(frame);
      frame.focus();
    });
  }
});
