// What the pages gain from a script; all of them work without it.
"use strict";
(() => {
  const log = document.querySelector(".log");
  const text = document.querySelector("#text");
  const form = document.querySelector(".compose");
  const DRAFT = "zhiwen-draft";

  const bottom = () => { if (log) log.scrollTop = log.scrollHeight; };
  const fit = () => {
    if (!text) return;
    text.style.height = "auto";
    text.style.height = Math.min(text.scrollHeight, 160) + "px";
  };
  const reveal = (root) => root.querySelectorAll(".js[hidden]").forEach((e) => { e.hidden = false; });

  reveal(document);
  bottom();

  if (text && form) {
    text.value = sessionStorage.getItem(DRAFT) || "";
    fit();
    text.addEventListener("input", () => { sessionStorage.setItem(DRAFT, text.value); fit(); });
    // Enter sends, Shift+Enter breaks the line; while an input method composes, Enter is its own.
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
        event.preventDefault();
        if (text.value.trim()) form.requestSubmit();
      }
    });
  }

  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    const notice = document.querySelector("#notice");
    if (notice) notice.textContent = "";
    if (form && event.detail.elt === form) {
      text.value = "";
      sessionStorage.removeItem(DRAFT);
      fit();
      text.focus();
    }
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    // Errors come as a sentence for #notice; show them instead of dropping them.
    if (event.detail.xhr.status >= 400 && event.detail.xhr.status < 600) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
    // Only the newest answer can be picked from.
    if (event.detail.target && event.detail.target.id === "log") {
      document.querySelectorAll("#log .choices:not(.examples) button").forEach((b) => { b.disabled = true; });
    }
  });
  document.addEventListener("htmx:sendError", () => {
    const notice = document.querySelector("#notice");
    if (notice) notice.textContent = document.body.dataset.offline || "";
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    reveal(document);
    if (event.detail.target && event.detail.target.id === "log") bottom();
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".copy");
    if (!button) return;
    const bubble = button.closest(".bubble").cloneNode(true);
    bubble.querySelectorAll(".thumbs, .choices").forEach((e) => e.remove());
    await navigator.clipboard.writeText(bubble.innerText.trim());
    button.classList.add("done");
  });

  document.querySelectorAll("input[type=file]").forEach((input) => {
    const card = input.closest("form");
    card.addEventListener("dragover", (event) => { event.preventDefault(); card.classList.add("over"); });
    card.addEventListener("dragleave", () => card.classList.remove("over"));
    card.addEventListener("drop", (event) => {
      event.preventDefault();
      card.classList.remove("over");
      input.files = event.dataTransfer.files;
    });
  });
})();
