// A button pressed while a draft is being saved by itself waits until that draft is saved.
//
// Both would go to the address that makes a new page, and the later one be refused because the
// page's slug is taken: by the draft.

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-edit-form][data-controller~=w-autosave]");
  if (!form) return;
  let isSaving = false;
  let isLeaving = false;
  let pressed = null;

  form.addEventListener("w-autosave:save", (event) => {
    if (isLeaving) event.preventDefault();
    else isSaving = true;
  });

  const goOn = () => {
    isSaving = false;
    if (!pressed) return;
    // Not the button itself: it shows that it works by being disabled, and would not be sent.
    const { name, value } = pressed;
    pressed = null;
    const said = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    if (name) form.append(said);
    form.requestSubmit();
    said.remove(); // what is sent has been read; the next button speaks for itself
  };
  form.addEventListener("w-autosave:success", goOn);
  form.addEventListener("w-autosave:error", goOn);

  // Ahead of Wagtail's listeners, which take a submitted form for one that leaves the page.
  document.addEventListener("submit", (event) => {
    if (event.target !== form) return;
    isLeaving = !isSaving;
    if (isLeaving) return;
    event.preventDefault();
    event.stopPropagation();
    pressed = event.submitter;
  }, { capture: true });

  // Back from the next page, to this one as it was left.
  window.addEventListener("pageshow", () => { isLeaving = false; });
});
