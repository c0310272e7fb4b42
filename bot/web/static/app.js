// What the pages gain from a script; all of them work without it.
"use strict";
(() => {
  const log = document.querySelector(".log");
  const text = document.querySelector("#text");
  const form = document.querySelector(".compose");
  const DRAFT = "zhiwen-draft";

  const newest = () => {
    // A long answer is read from its beginning: its question comes to the top.
    const asked = log && [...log.querySelectorAll(".mine")].pop();
    if (asked) log.scrollTop = asked.offsetTop - log.offsetTop - 8;
  };
  const fit = () => {
    if (!text) return;
    text.style.height = "auto";
    text.style.height = Math.min(text.scrollHeight, 160) + "px";
  };
  const reveal = () => document.querySelectorAll(".js[hidden]").forEach((e) => { e.hidden = false; });
  const tell = (sentence) => {
    const notice = document.querySelector("#notice");
    if (notice) notice.textContent = sentence;
  };

  if (navigator.clipboard) reveal();
  newest();
  document.querySelector(".top nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

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
    const { elt, xhr, requestConfig } = event.detail;
    if (xhr.status < 200 || xhr.status >= 400) return;
    tell("");
    // What has been written meanwhile stays.
    if (form && elt === form && requestConfig.parameters.text === text.value) {
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
  document.addEventListener("htmx:sendError", (event) => {
    // A poll asks again by itself; what a person sent does not.
    if (event.detail.requestConfig.verb !== "get") tell(document.body.dataset.offline);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (navigator.clipboard) reveal();
    if (event.detail.target && event.detail.target.id === "log") newest();
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".copy");
    if (!button) return;
    const told = [...button.closest(".bubble").children].filter((e) => !e.matches(".thumbs, .choices, .prompt, .past, form"));
    await navigator.clipboard.writeText(told.map((e) => e.innerText.trim()).join("\n"));
    button.classList.add("done");
    button.title = button.ariaLabel = button.dataset.done;
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
