// A cell is saved as soon as it is left; what was typed is never thrown away.
"use strict";

const token = document.querySelector('meta[name="csrf"]').content;
const said = document.getElementById("said");

function tell(words, wrong) {
  said.textContent = words;
  said.classList.toggle("wrong", Boolean(wrong));
  said.classList.add("shown");
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => said.classList.remove("shown"), wrong ? 12000 : 2500);
}

// One after the other: what tells a new row from the others comes with the first answer.
let last = Promise.resolve();

function save(control) {
  control.classList.add("saving");
  last = last.then(() => send(control)).then(() => control.classList.remove("saving"));
}

async function send(control) {
  const table = control.closest("table");
  const row = control.closest("tr");
  const ticks = control.type === "checkbox";
  const text = ticks ? (control.checked ? "TRUE" : "FALSE") : control.value;
  if (!ticks && text === control.dataset.was) return;
  const body = new URLSearchParams({
    row: row.dataset.row,
    key: row.dataset.key,
    column: control.dataset.column,
    header: control.dataset.header,
    was: control.dataset.was,
    text,
    ticks: ticks ? "yes" : "",
  });
  try {
    const answer = await fetch(`/sheets/${table.dataset.sheet}/cell`, {
      method: "POST",
      keepalive: true,
      body,
      headers: { "X-Cohorte-Token": token },
    });
    const found = await answer.json();
    if (answer.ok) {
      control.dataset.was = found.shown;
      row.dataset.key = found.key;
      if (!ticks) control.value = found.shown;
    } else {
      control.classList.add("unsaved");
    }
    tell(found.said, !answer.ok);
  } catch {
    control.classList.add("unsaved");
    tell(said.dataset.lost, true);
  }
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-column]")) {
    event.target.classList.remove("unsaved");
    save(event.target);
  }
});

// Enter goes down, as in a spreadsheet; Escape takes back what was typed.
document.addEventListener("keydown", (event) => {
  const control = event.target;
  if (!control.matches("textarea[data-column]")) return;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    const below = control.closest("tr").nextElementSibling;
    const next = below && below.querySelector(`[data-column="${control.dataset.column}"]`);
    if (next) next.focus();
    else control.blur();
  } else if (event.key === "Escape") {
    control.value = control.dataset.was;
  }
});

// A night takes a moment: say so, and let nobody ask for it twice. It waits for what is being saved.
document.addEventListener("submit", (event) => {
  if (document.querySelector(".saving")) {
    event.preventDefault();
    last.then(() => event.target.requestSubmit());
    return;
  }
  const words = event.target.dataset.busy;
  if (!words) return;
  for (const button of event.target.querySelectorAll("button")) {
    button.setAttribute("aria-disabled", "true");
    button.classList.add("busy");
  }
  event.target.addEventListener("click", (click) => click.preventDefault());
  tell(words);
  clearTimeout(tell.timer);
});

// Once an answer to the form could not be taken, the reader is led to why.
const focus = document.querySelector("[data-focus]");
if (focus) focus.focus();

// Where one is among the tabs is in sight, however many there are.
for (const here of document.querySelectorAll("[aria-current]")) {
  here.scrollIntoView({ block: "nearest", inline: "center" });
}

// A message is as tall as it is: nobody scrolls inside a page that scrolls.
for (const frame of document.querySelectorAll("iframe")) {
  const fit = () => {
    const inside = frame.contentDocument && frame.contentDocument.documentElement;
    if (inside) frame.style.height = `${inside.scrollHeight + 2}px`;
  };
  frame.addEventListener("load", fit);
  addEventListener("resize", fit);
  fit();
}
