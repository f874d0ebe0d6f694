/* Stand-in for PortOne's browser SDK: the same global, the same promise, the same errors. */
(() => {
  "use strict";

  const origin = new URL(document.currentScript.src).origin;

  class PaymentError extends Error {
    constructor({ code, message, ...rest }) {
      super(message);
      this.name = "PaymentError";
      this.__portOneErrorType = "PaymentError";
      this.code = code;
      Object.assign(this, rest);
    }
  }

  async function requestPayment(request) {
    if (request === null || typeof request !== "object") {
      throw new PaymentError({ code: "BadRequest", message: "requestPayment needs an object" });
    }
    const redirects = Boolean(request.redirectUrl) && (request.forceRedirect === true || isMobile());
    const opened = await prepare({ ...request, parentOrigin: redirects ? undefined : location.origin });
    const url = new URL(opened.path, origin).href;
    if (redirects) {
      location.assign(url);
      return new Promise(() => {}); // the page is leaving
    }
    return overlay(url);
  }

  async function prepare(request) {
    let answer;
    let body;
    try {
      answer = await fetch(`${origin}/v2/prepare`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(request),
        credentials: "omit",
      });
      body = await answer.json();
    } catch (error) {
      throw new PaymentError({ code: "UnknownError", message: `payment window unreachable: ${error.message}` });
    }
    if (!answer.ok) {
      throw new PaymentError({ ...body, transactionType: "PAYMENT", paymentId: request.paymentId });
    }
    return body;
  }

  function isMobile() {
    return /Mobi|Android/i.test(navigator.userAgent);
  }

  function overlay(url) {
    const frame = document.createElement("iframe");
    const backdrop = document.createElement("div");
    const before = document.activeElement;
    frame.src = url;
    frame.title = "결제창";
    frame.allow = "payment";
    // Set through the CSSOM, so that a page without inline styles in its policy may still open the window.
    Object.assign(backdrop.style, {
      position: "fixed", inset: "0", zIndex: "2147483647", display: "grid", placeItems: "center",
      background: "rgb(15 23 42 / 60%)",
    });
    Object.assign(frame.style, {
      width: "min(100vw, 30rem)", height: "min(100vh, 52rem)", border: "0", borderRadius: "12px", background: "#fff",
    });
    backdrop.setAttribute("role", "dialog");
    backdrop.setAttribute("aria-modal", "true");
    backdrop.setAttribute("aria-label", frame.title);
    backdrop.append(frame);
    document.body.append(backdrop);
    frame.focus();

    return new Promise((resolve) => {
      addEventListener("message", function receive(event) {
        const ours = event.origin === origin && event.source === frame.contentWindow;
        if (!ours || event.data?.type !== "portone-sandbox-result") return;
        removeEventListener("message", receive);
        backdrop.remove();
        before?.focus?.();
        resolve(event.data.result);
      });
    });
  }

  function unsupported(name) {
    return async () => {
      throw new PaymentError({ code: "BadRequest", message: `${name} is not part of the payment sandbox` });
    };
  }

  window.PortOne = {
    requestPayment,
    isPaymentError: (error) => error?.__portOneErrorType === "PaymentError",
    isPortOneError: (error) => typeof error?.__portOneErrorType === "string",
    loadPaymentUI: unsupported("loadPaymentUI"),
    requestIdentityVerification: unsupported("requestIdentityVerification"),
    requestIssueBillingKey: unsupported("requestIssueBillingKey"),
    requestIssueBillingKeyAndPay: unsupported("requestIssueBillingKeyAndPay"),
    loadIssueBillingKeyUI: unsupported("loadIssueBillingKeyUI"),
  };
})();
