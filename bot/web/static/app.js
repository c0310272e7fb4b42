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
  const element = (name, classes, words) => {
    const made = document.createElement(name);
    made.className = classes;
    made.textContent = words || "";
    return made;
  };
  const tell = (sentence, again = null) => {
    const notice = document.querySelector("#notice");
    if (!notice) return;
    notice.textContent = "";
    if (!sentence) return;
    const bar = element("div", "bar");
    bar.append(element("p", "", sentence));
    if (again) {
      const retry = element("button", "", document.body.dataset.retry);
      retry.addEventListener("click", again);
      bar.append(retry);
    }
    notice.append(bar);
  };
  const draft = (words) => {
    text.value = words;
    if (words) sessionStorage.setItem(DRAFT, words); else sessionStorage.removeItem(DRAFT);
    fit();
  };

  if (navigator.clipboard) reveal();
  newest();
  addEventListener("online", () => tell(""));
  document.querySelector(".top nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

  if (text && form) {
    text.value = text.value || sessionStorage.getItem(DRAFT) || "";
    fit();
    if (text.value) text.focus();
    text.addEventListener("input", () => { sessionStorage.setItem(DRAFT, text.value); fit(); });
    // Enter sends, Shift+Enter breaks the line; while an input method composes, Enter is its own.
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
        event.preventDefault();
        if (text.value.trim()) form.requestSubmit();
      }
    });
    addEventListener("offline", () => tell(document.body.dataset.unplugged));
    // A page that the browser had kept would show an old chat.
    addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  }

  // What was sent stands there at once, with dots where the answer will be.
  let waiting = null;
  const settle = (failed) => {
    if (!waiting) return;
    waiting.rows.forEach((row) => row.remove());
    const written = waiting.written;
    waiting = null;
    if (failed && written) draft(text.value ? `${written}\n${text.value}` : written);
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, target } = event.detail;
    if (!target || target.id !== "log") return;
    settle(false);
    const button = elt.querySelector("button");
    const written = elt === form ? text.value : "";
    const mine = element("div", "row sent");
    mine.append(element("div", "bubble", written || button.textContent));
    const theirs = element("div", "row waits");
    const dots = element("div", "bubble");
    dots.innerHTML = '<span class="dots"><i></i><i></i><i></i></span>';
    theirs.append(dots);
    mine.ariaHidden = theirs.ariaHidden = "true";
    waiting = { rows: [mine, theirs], written };
    target.append(mine, theirs);
    log.scrollTop = mine.offsetTop - log.offsetTop - 8;
    if (elt === form) { text.value = ""; fit(); }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, xhr } = event.detail;
    if (xhr.status < 200 || xhr.status >= 400) { settle(true); return; }
    tell("");
    if (form && elt === form) {
      // What has been written meanwhile stays.
      draft(text.value);
      text.focus();
    }
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    // Errors come as a sentence for #notice; show them instead of dropping them.
    if (xhr.status >= 400 && xhr.status < 600) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
      return;
    }
    if (target && target.id === "log") {
      settle(false);
      // Only the newest answer can be picked from.
      document.querySelectorAll("#log .choices:not(.examples) button").forEach((b) => { b.disabled = true; });
    }
  });
  document.addEventListener("htmx:sendError", (event) => {
    // A poll asks again by itself; what a person sent does not.
    if (event.detail.requestConfig.verb !== "get") {
      const again = form && (() => { if (text.value.trim()) form.requestSubmit(); });
      tell(document.body.dataset.offline, again);
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (navigator.clipboard) reveal();
    if (event.detail.target && event.detail.target.id === "log") newest();
    document.querySelectorAll("input[data-path]").forEach((input) => {
      input.value = location.origin + input.dataset.path;
    });
  });

  const copied = async (button, words) => {
    await navigator.clipboard.writeText(words);
    button.classList.add("done");
    button.title = button.ariaLabel = button.dataset.done;
    if (button.matches(".copy-link")) button.textContent = button.dataset.done;
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".copy, .copy-link, .again, .languages a, #notice a");
    if (!button) return;
    if (button.matches(".copy")) {
      const told = [...button.closest(".bubble").children].filter((e) => !e.matches(".thumbs, .choices, .prompt, .past, .why, form"));
      copied(button, told.map((e) => e.innerText.trim()).join("\n"));
    } else if (button.matches(".copy-link")) {
      copied(button, button.parentElement.querySelector("input").value);
    } else if (button.matches(".again") && text) {
      event.preventDefault();
      draft(button.dataset.asked);
      text.focus();
    } else {
      keep();
    }
  });

  // The wheel as a picture for slides: drawn by the browser from the SVG.
  document.querySelectorAll(".js-picture").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const image = new Image();
      image.addEventListener("load", () => {
        const canvas = element("canvas", "");
        canvas.width = canvas.height = 2160;
        canvas.getContext("2d").drawImage(image, 0, 0, 2160, 2160);
        const link = element("a", "");
        link.download = button.dataset.name;
        link.href = canvas.toDataURL("image/png");
        link.click();
      });
      image.src = button.dataset.picture;
    });
  });
  // Arrow keys walk through the suggestions; Escape closes them.
  document.querySelector(".seek")?.addEventListener("keydown", (event) => {
    const ways = [...document.querySelectorAll(".seek input[type=search], .suggestions a")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") document.querySelector("#suggestions")?.replaceChildren();
    if (!step || ways.length < 2) return;
    event.preventDefault();
    ways[(ways.indexOf(document.activeElement) + step + ways.length) % ways.length].focus();
  });

  // What is filled in is kept over a change of the language, a session that has ended (KEPT), and a
  // form whose answer never came (SENT), until a page has come.
  const KEPT = `zhiwen-form ${location.pathname}`;
  const SENT = "zhiwen-sent";
  const told = (e) => (["checkbox", "radio"].includes(e.type) ? e.checked : e.value);
  const values = (list) => list.map((e) => [e.name, told(e)]);
  const put = (key, value) => { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* too large */ } };
  const take = (key) => {
    const value = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    return value && JSON.parse(value);
  };
  const fields = () => [...document.querySelectorAll("main input, main textarea, main select")]
    .filter((e) => e.name && e.id !== "text" && !["hidden", "password", "file"].includes(e.type));
  const sendable = (sent) => [...sent.elements]
    .filter((e) => e.name && !["password", "file", "submit", "button"].includes(e.type));
  const twins = (address) => [...document.forms].filter((one) => one.getAttribute("action") === address);
  const keep = () => put(KEPT, values(fields()));
  const refill = (list, kept) => list.forEach((e, n) => {
    if (!kept[n] || kept[n][0] !== e.name || kept[n][1] === told(e)) return;
    if (typeof kept[n][1] === "boolean") e.checked = kept[n][1]; else e.value = kept[n][1];
    for (let fold = e.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  });
  const before = take(KEPT);
  if (before) refill(fields(), before);
  const came = performance.getEntriesByType("navigation")[0];
  if (!document.querySelector("[data-failed]")) {
    const sent = take(SENT);
    const again = sent && came && came.type === "back_forward" && sent.path === location.pathname
      && twins(sent.address)[sent.place];
    if (again) {
      refill(sendable(again), sent.values);
      tell(document.body.dataset.kept);
    }
  }

  // A second press of the same button sends nothing; without a network nothing leaves the page.
  const reached = () => fetch("/static/icon.svg", { method: "HEAD", cache: "no-store" })
    .then((answer) => answer.status < 500, () => false);
  let pressed = [], sure = false;
  document.addEventListener("submit", (event) => {
    const { target, submitter } = event;
    if (event.defaultPrevented || target.method !== "post") return;
    if (pressed[0] === target && pressed[1] === submitter) { event.preventDefault(); return; }
    if (!navigator.onLine && !sure) {
      // The server may be this machine itself.
      event.preventDefault();
      reached().then((there) => {
        if (!there) { tell(document.body.dataset.unplugged, () => target.requestSubmit(submitter)); return; }
        sure = true;
        target.requestSubmit(submitter);
      });
      return;
    }
    sure = false;
    pressed = [target, submitter];
    setTimeout(() => { pressed = []; }, 4000);
    const address = target.getAttribute("action");
    // Where the address stays the same, a page of the browser's own would take the place of this
    // one in its history, and Back would not lead here.
    if (!location.hash) history.replaceState(null, "", "#main");
    put(SENT, { path: location.pathname, address, place: twins(address).indexOf(target), values: values(sendable(target)) });
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
