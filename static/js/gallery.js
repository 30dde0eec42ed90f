// Marks the picture that is seen, and turns to another without a line in the browser's history.
//
//   <div class="gallery"><ul class="gallery__strip"><li class="gallery__slide" id="picture-1">…</li> …</ul>
//     <p data-gallery-count hidden></p> <ul class="gallery__thumbs"><li><a href="#picture-1">…</a></li> …</ul></div>

for (const gallery of document.querySelectorAll(".gallery")) {
  const strip = gallery.querySelector(".gallery__strip");
  const slides = [...strip.children];
  const thumbs = [...gallery.querySelectorAll(".gallery__thumbs a")];
  const count = gallery.querySelector("[data-gallery-count]");
  if (!thumbs.length) continue;

  const seen = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => mark(slides.indexOf(entry.target))),
    { root: strip, threshold: 0.6 },
  );
  slides.forEach((slide) => seen.observe(slide));
  thumbs.forEach((thumb, number) => thumb.addEventListener("click", (event) => {
    event.preventDefault();
    strip.scrollTo({ left: slides[number].offsetLeft - strip.offsetLeft });
  }));

  function mark(number) {
    thumbs.forEach((thumb, each) => each === number ? thumb.setAttribute("aria-current", "true") : thumb.removeAttribute("aria-current"));
    count.textContent = `${number + 1} / ${slides.length}`;
    count.hidden = false;
  }
}
