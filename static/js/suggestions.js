// Pages to go to at once, below a search box while somebody types: a combobox as the ARIA practices
// describe it. Without script the box is a plain form.
//
//   <form data-search="/search/suggest/"><input name="q" id="…"> …</form>
//
// The answer is a listbox whose options name their pages: <li role="option" data-address="/tea/">.

const PAUSE = 150; // milliseconds without a key before anything is asked
const SHORTEST = 2; // as products/finding/suggesting.py has it
const news = document.getElementById("news");

for (const form of document.querySelectorAll("[data-search]")) combobox(form, form.elements.q);

function combobox(form, input) {
  let timer, asking, active = -1;
  const popup = document.createElement("div");
  form.append(popup);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  close();

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    const options = popup.querySelectorAll("[role=option]");
    if (event.key === "Escape" && options.length) return close(), event.preventDefault();
    if (event.key === "Enter" && active >= 0) return go(options[active]), event.preventDefault();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !options.length) return;
    event.preventDefault();
    // One place more than there are options: the field itself, with what was typed.
    const places = options.length + 1;
    select(options, ((active + 1 + step + places) % places) - 1);
  });
  // Before the field loses the focus, which closes the list.
  popup.addEventListener("pointerdown", (event) => event.preventDefault());
  popup.addEventListener("click", ({ target }) => go(target.closest("[role=option]")));
  input.addEventListener("blur", close);

  async function ask() {
    asking?.abort();
    const query = input.value.trim();
    if (query.length < SHORTEST) return close();
    asking = new AbortController();
    try {
      const address = `${form.dataset.search}?${new URLSearchParams({ q: query })}`;
      const answer = await fetch(address, { signal: asking.signal });
      if (answer.ok) show(await answer.text());
    } catch {
      // Typed on, or no network: the form still searches.
    }
  }

  function show(html) {
    close();
    if (document.activeElement !== input) return;
    popup.innerHTML = html; // escaped by the server
    const list = popup.querySelector("[role=listbox]");
    if (!list) return;
    list.id = `${input.id}-suggestions`;
    list.querySelectorAll("[role=option]").forEach((option, n) => (option.id = `${list.id}-${n}`));
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "true");
    news.textContent = list.dataset.news;
  }

  function close() {
    active = -1;
    popup.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    input.removeAttribute("aria-controls");
  }

  function select(options, place) {
    active = place;
    options.forEach((option, n) => option.setAttribute("aria-selected", String(n === place)));
    if (place < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", options[place].id);
    options[place].scrollIntoView({ block: "nearest" });
  }

  function go(option) {
    if (option) location.assign(option.dataset.address);
  }
}
