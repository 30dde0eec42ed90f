// Shows price, stock and picture of the variant that is chosen. Without it, the radio's own
// words tell price and stock, and the server answers for the rest.
//
//   <div data-variant-picker>
//     <div data-variant-offer>what the first one costs</div>
//     <label><input type="radio" name="sku" data-picture="7"> … <template>what this one costs</template></label>
//   </div>                                          and in the gallery <li data-image="7">

function show(picker, chosen) {
  const offer = chosen.closest("label").querySelector("template");
  picker.querySelector("[data-variant-offer]").replaceChildren(offer.content.cloneNode(true));
}

function turn(slide) {
  if (slide) slide.parentElement.scrollTo({ left: slide.offsetLeft - slide.parentElement.offsetLeft });
}

for (const picker of document.querySelectorAll("[data-variant-picker]")) {
  picker.addEventListener("change", ({ target }) => {
    if (target.name !== "sku") return;
    show(picker, target);
    turn(document.querySelector(`[data-image="${target.dataset.picture}"]`));
  });

  // A browser that comes back to the page remembers what was chosen.
  const remembered = picker.querySelector("[type=radio]:checked");
  if (remembered) show(picker, remembered);
}
