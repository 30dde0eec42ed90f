// How many things are in the cart, from the small readable cookie: cached pages know no visitor.
//
//   <span data-cart-count data-cart-words="{} in the cart" hidden></span>

const count = Number(document.cookie.match(/(?:^|;\s*)cart_count=(\d+)/)?.[1] ?? 0);

for (const place of document.querySelectorAll("[data-cart-count]")) {
  place.hidden = count === 0;
  const number = document.createElement("span");
  number.textContent = count > 99 ? "99+" : count;
  place.replaceChildren(number);

  if (place.dataset.cartWords) {
    number.ariaHidden = "true";
    const words = document.createElement("span");
    words.className = "visually-hidden";
    words.textContent = place.dataset.cartWords.replace("{}", count);
    place.append(words);
  }
}
