// What the pages of checklists gain from a script; all of them work without it.
"use strict";
(() => {
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
  // Who has said no time zone most likely means that of the browser.
  document.querySelectorAll("input[data-zone]").forEach((field) => {
    field.value = field.value || Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  });
})();
