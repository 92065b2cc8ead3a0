// The pole's lamp appears while the resident types its number. Without this the same box comes with the next page.

const WAIT = 250;

function fillSlot(box, name, text) {
  const slot = box.querySelector(`[data-slot="${name}"]`);
  if (slot) slot.textContent = text;
}

function link({ text, href }) {
  return Object.assign(document.createElement("a"), { className: "govuk-link", textContent: text, href });
}

function fillNotice(box, notice) {
  const line = box.querySelector('[data-slot="notice"]');
  line.hidden = !notice;
  if (!notice) return;
  const tag = Object.assign(document.createElement("strong"), { className: "tag tag--waiting", textContent: notice.tag });
  line.replaceChildren(tag, " ", notice.text, " ", ...(notice.action ? [link(notice.action)] : []));
}

function showFound(area, found) {
  const box = area.querySelector("template").content.firstElementChild.cloneNode(true);
  fillSlot(box, "title", found.title);
  fillSlot(box, "place", found.place);
  fillSlot(box, "detail", found.detail ? ` ・ ${found.detail}` : "");
  fillNotice(box, found.notice);
  area.querySelector("[data-lookup-result]").replaceChildren(box);
  const map = box.querySelector("[data-map]");
  if (found.point) map.dispatchEvent(new CustomEvent("lamppost:map", { bubbles: true, detail: { found: found.point, points: found.nearby ?? [], label: found.title } }));
}

function suggestion(one, choose) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "chip" });
  button.append(Object.assign(document.createElement("span"), { className: "mono strong", textContent: one.number }), ` ${one.place}`);
  button.addEventListener("click", () => choose(one.number));
  const item = document.createElement("li");
  item.append(button);
  return item;
}

function showText(area, text) {
  const line = Object.assign(document.createElement("p"), { className: "secondary", textContent: text });
  area.querySelector("[data-lookup-result]").replaceChildren(line);
}

function showNotFound(area, answer, choose) {
  const box = Object.assign(document.createElement("div"), { className: "plate" });
  box.append(Object.assign(document.createElement("p"), { className: "found__title", textContent: answer.message }));
  if (answer.suggestions?.length) {
    const list = Object.assign(document.createElement("ul"), { className: "found__suggestions" });
    list.append(...answer.suggestions.map((one) => suggestion(one, choose)));
    box.append(Object.assign(document.createElement("p"), { className: "secondary", textContent: area.dataset.textSuggestions }), list);
  }
  area.querySelector("[data-lookup-result]").replaceChildren(box);
}

async function ask(area, number, signal) {
  const url = new URL(area.dataset.lookupUrl, window.location.href);
  url.searchParams.set("number", number);
  const answer = await fetch(url, { headers: { Accept: "application/json" }, signal });
  if (answer.ok || answer.status === 404) return { found: answer.ok, ...(await answer.json()) };
  throw new Error(`${answer.status}`);
}

function watch(area) {
  const field = document.getElementById(area.dataset.lookupFor);
  const pattern = new RegExp(`^(?:${area.dataset.lookupPattern})$`);
  let timer = 0;
  let asking = null;
  let last = "";

  const choose = (number) => { field.value = number; look(number); field.focus(); };

  async function look(number) {
    last = number;
    asking?.abort();
    asking = new AbortController();
    const limit = setTimeout(() => asking.abort("slow"), 4000);
    showText(area, area.dataset.textSearching);
    try {
      const answer = await ask(area, number, asking.signal);
      if (last !== number) return;
      if (answer.found) showFound(area, answer); else showNotFound(area, answer, choose);
    } catch {
      if (last === number) showText(area, area.dataset.textUnavailable);
    } finally {
      clearTimeout(limit);
    }
  }

  // Full-width digits (０１２３４) are what a Chinese keyboard often types.
  const typed = () => field.value.normalize("NFKC").trim();

  field.addEventListener("input", () => {
    clearTimeout(timer);
    const number = typed();
    if (number === last) return;
    if (!pattern.test(number)) { last = ""; area.querySelector("[data-lookup-result]").replaceChildren(); return; }
    timer = setTimeout(() => look(number), WAIT);
  });

  // Typed before this script was there.
  if (pattern.test(typed()) && !area.querySelector("[data-lookup-result]").childElementCount) look(typed());
}

document.querySelectorAll("[data-lookup-for]").forEach(watch);
