// What the pages of checklists gain from a script; all of them work without it.
"use strict";
(() => {
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
  // An item that somebody else has changed is drawn anew; what is half written in it stays, and so
  // does what is open. What was just sent is not kept: the new item says how it stands.
  const TYPED = "input[name=note], textarea[name=text], input[name=address]";
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.elt.matches("form")) detail.elt.dataset.sent = "true";
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!detail.successful && detail.elt.matches("form")) delete detail.elt.dataset.sent;
  });
  document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
    const { target, fragment } = detail;
    if (!target?.matches(".item") || target.querySelector("form[data-sent]")) return;
    for (const field of target.querySelectorAll(TYPED)) {
      const fresh = fragment.querySelector(`[name="${field.name}"]`);
      if (fresh && field.value !== field.defaultValue) fresh.value = field.value;
    }
    const [was, fold] = [target, fragment].map((one) => one.querySelector("details.more"));
    if (was?.open && fold) fold.open = true;
  });
  // Who has said no time zone most likely means that of the browser.
  document.querySelectorAll("input[data-zone]").forEach((field) => {
    field.value = field.value || Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  });
})();
