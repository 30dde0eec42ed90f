// Shows price, stock and picture of the variant that is chosen. Without it, the radio's own
// words tell price and stock, and the server answers for the rest.
//
//   <div data-variant-picker>
//     <input type="radio" name="sku" data-price="€ 12.00" data-unit="€ 120.00 / kg"
//            data-stock="In stock" data-stock-state="in" data-picture="picture-2">
//     <span data-variant-price>…</span> <span data-variant-unit>…</span>
//     <p class="stock stock--in" data-variant-stock>…</p>      and the gallery's #picture-2
//   </div>

function show(picker, chosen) {
  const { price, unit, stock, stockState, picture } = chosen.dataset;
  write(picker.querySelector("[data-variant-price]"), price);
  write(picker.querySelector("[data-variant-unit]"), unit);

  const shelf = picker.querySelector("[data-variant-stock]");
  write(shelf, stock);
  if (shelf && stockState) shelf.className = `stock stock--${stockState}`;

  const slide = picture && document.getElementById(picture);
  if (slide) slide.parentElement.scrollTo({ left: slide.offsetLeft - slide.parentElement.offsetLeft });
}

function write(place, words) {
  if (place && words !== undefined) place.textContent = words;
}

for (const picker of document.querySelectorAll("[data-variant-picker]")) {
  picker.addEventListener("change", ({ target }) => {
    if (target.name === "sku") show(picker, target);
  });
}
