// On every page: govuk-frontend's parts, and a copy button beside numbers that people copy.

import { initAll } from "../built/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// The upload button hides a comma between its words, so that its name is not the text that is seen (WCAG 2.5.3): a space does both.
for (const comma of document.querySelectorAll('.govuk-file-upload-button > [id$="-comma"]')) {
  const button = comma.parentElement;
  button.setAttribute("aria-labelledby", button.getAttribute("aria-labelledby").replace(` ${comma.id}`, ""));
  comma.replaceWith(" ");
}

function addCopyButton(element) {
  const button = document.createElement("button");
  const label = element.dataset.copyLabel;
  button.type = "button";
  button.className = "copy";
  button.textContent = label;
  button.setAttribute("aria-label", `${label} ${element.dataset.copy}`);
  button.addEventListener("click", () => copy(element, button));
  element.append(button);
}

async function copy(element, button) {
  await navigator.clipboard.writeText(element.dataset.copy);
  button.textContent = element.dataset.copiedLabel;
  announce(element.dataset.copiedLabel);
  setTimeout(() => { button.textContent = element.dataset.copyLabel; }, 3000);
}

function announce(text) {
  const status = document.getElementById("status") ?? document.body.appendChild(
    Object.assign(document.createElement("div"), { id: "status", className: "govuk-visually-hidden" }));
  status.setAttribute("role", "status");
  status.textContent = text;
}

// Without a secure context (plain HTTP in an office network) there is no clipboard: then no button either.
if (navigator.clipboard) document.querySelectorAll("[data-copy]").forEach(addCopyButton);

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
