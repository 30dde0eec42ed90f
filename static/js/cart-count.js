// How many things are in the cart, from the small readable cookie: cached pages know no visitor.
//
//   <span data-cart-count data-cart-words="{} in the cart" hidden></span>

function show() {
  const count = Number(document.cookie.match(/(?:^|;\s*)cart_count=(\d+)/)?.[1] ?? 0);
  for (const place of document.querySelectorAll("[data-cart-count]")) fill(place, count);
}

function fill(place, count) {
  place.hidden = count === 0;
  const number = document.createElement("span");
  number.textContent = count > 99 ? "99+" : count;
  number.ariaHidden = "true";
  const words = document.createElement("span");
  words.className = "visually-hidden";
  words.textContent = place.dataset.cartWords.replace("{}", count);
  place.replaceChildren(number, words);
}

show();
document.addEventListener("htmx:after:swap", show);
window.addEventListener("pageshow", show); // as it is now, on a page that the browser had kept
