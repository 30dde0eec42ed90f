// One less, one more: buttons beside a number, which tells the form that it has changed.
//
//   <div data-quantity><button type="button" data-step="-1">…</button> <input type="number" min="0" max="99"> …</div>

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-quantity] [data-step]");
  if (!button) return;
  const input = button.closest("[data-quantity]").querySelector("input");
  // None is for the button that says so, not for one press too many.
  const wanted = Math.max(1, (input.valueAsNumber || 0) + Number(button.dataset.step));
  if (wanted > Number(input.max) || wanted === input.valueAsNumber) return;
  input.value = wanted;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
