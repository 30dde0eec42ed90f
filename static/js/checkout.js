// Shipping and total follow whatever decides them. Without it, the form's own button does.
//
//   <form data-checkout>   <p data-refresh><button name="refresh">…</button></p>   hidden from here on
//     <div id="totals" data-follows>… [data-total] …</div>   taken over from the fresh page
//     <div id="agree">…</div>   stays, for somebody may be ticking or pressing: only hidden or not
//     <div id="region" data-follows="country">…</div>   only if that has changed: somebody may be typing in it

const form = document.querySelector("[data-checkout]");
const news = Object.assign(document.createElement("p"), { className: "visually-hidden", role: "status" });
let latest;
let isLeaving = false;

const DECIDE = ["country", "postcode", "vat_id", "shipping_method"];

async function follow({ target }) {
  if (!DECIDE.includes(target.name)) return;
  latest?.abort();
  latest = new AbortController();
  const body = new FormData(form);
  body.set("refresh", "1");
  try {
    const answer = await fetch(form.action, { method: "POST", body, signal: latest.signal });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    show(new DOMParser().parseFromString(await answer.text(), "text/html"), target.name);
  } catch (error) {
    // Browsers also break off what is under way when the order itself is sent.
    if (error.name !== "AbortError" && !isLeaving) form.elements.refresh.click();
  }
}

function show(page, changed) {
  const focused = document.activeElement;
  for (const old of form.querySelectorAll(`[data-follows=""], [data-follows="${changed}"]`)) old.replaceWith(page.getElementById(old.id));
  const agree = document.getElementById("agree");
  agree.hidden = page.getElementById("agree").hidden;
  if (agree.hidden && agree.contains(focused)) form.elements.country.focus();
  else if (!focused.isConnected) successor(focused)?.focus();
  const total = form.querySelector("[data-total]") ?? form.querySelector("#totals .notice");
  news.textContent = total?.textContent.trim();
  hideButton();
}

// Who was at something that has been taken over goes on at the same thing.
function successor({ name, id }) {
  if (name === "shipping_method") return form.querySelector("[name=shipping_method]:checked");
  return id ? document.getElementById(id) : null;
}

function hideButton() {
  form.querySelector("[data-refresh]").hidden = true;
}

// Chosen before this script came, or filled in again by the browser on the way back.
function isAhead(field) {
  if (field.type === "radio") return field.checked && !field.defaultChecked;
  if (field.options) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
  return field.value !== field.defaultValue;
}

function catchUp() {
  const ahead = [...form.elements].find((field) => DECIDE.includes(field.name) && isAhead(field));
  if (ahead) follow({ target: ahead });
}

if (form) {
  form.append(news);
  form.addEventListener("change", follow);
  form.addEventListener("submit", () => { isLeaving = true; });
  addEventListener("pageshow", ({ persisted }) => {
    isLeaving = false;
    if (!persisted) catchUp();
  });
  hideButton();
}
