// What a fresh page would have done after a part of it was swapped: say the news, keep the reader's
// place, and close what has been read. htmx does the swapping.
//
//   <p id="news" role="status">             says what [data-news] in the new part says
//   <div data-focus="heading">…</div>       where the reader goes on if what was pressed has gone
//   <form data-submits>                     is sent when one of its fields changes
//   <button data-dismiss>                   empties the [role=status] around it; so does Escape

const news = document.getElementById("news");

document.addEventListener("htmx:after:swap", ({ detail }) => {
  const part = detail.ctx.target?.isConnected ? detail.ctx.target : document.getElementById(detail.ctx.target?.id);
  const words = part?.querySelector("[data-news]");
  if (words) news.textContent = words.textContent.trim();
  if (document.activeElement === document.body && part?.dataset.focus) {
    document.getElementById(part.dataset.focus)?.focus();
  }
});

document.addEventListener("change", ({ target }) => {
  target.form?.closest("[data-submits]")?.requestSubmit();
});

document.addEventListener("click", ({ target }) => dismiss(target.closest("[data-dismiss]")));
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") dismiss(document.querySelector("[data-dismiss]"));
});

function dismiss(button) {
  button?.closest("[role=status]").replaceChildren();
}
