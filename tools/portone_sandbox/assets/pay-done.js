/* Last page inside the overlay: hand the result to the shop's page, and to no other. */
(() => {
  "use strict";
  const { result, origin } = document.getElementById("result").dataset;
  if (origin && window.parent !== window) {
    window.parent.postMessage({ type: "portone-sandbox-result", result: JSON.parse(result) }, origin);
  }
})();
