// Keys of the desk: J and K go down and up the list, Enter opens (it is a link), N starts a new case, / goes to the search.
// A key is never taken from someone who types, nor together with Ctrl, Alt or Meta.

const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

const rows = () => [...document.querySelectorAll("[data-desk-list] [data-desk-row]")];

function step(by) {
  const links = rows();
  if (!links.length) return;
  const focused = links.indexOf(document.activeElement);
  const selected = links.findIndex((link) => link.closest("tr")?.hasAttribute("aria-current"));
  const from = focused >= 0 ? focused : selected;
  const next = links[Math.min(Math.max(from + by, 0), links.length - 1)];
  next.focus();
  next.closest("tr")?.scrollIntoView({ block: "nearest" });
}

function press(key) {
  const element = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!element) return false;
  if (element.matches("a")) element.click(); else element.focus();
  return true;
}

const actions = { j: () => { step(1); return true; }, k: () => { step(-1); return true; }, n: () => press("n"), "/": () => press("/") };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing(event.target)) return;
  const action = actions[event.key.toLowerCase()];
  if (action && action()) event.preventDefault();
});
