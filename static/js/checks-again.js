// A check of the preview that came to nothing is made again.
//
// Wagtail makes none before the one before has ended well, so after one that failed the panel would
// say "Issues found 0" until the page is opened anew. One fails when the preview is replaced by a
// newer one while it is looked at: on a slow computer, by typing on.

let isPlanned = false;

window.addEventListener("unhandledrejection", ({ reason }) => {
  if (isPlanned || !/^Axe (in frame timed out|is already running)/.test(reason?.message ?? reason)) return;
  isPlanned = true;
  setTimeout(() => {
    isPlanned = false;
    const panel = document.querySelector("[data-controller~=w-preview]");
    const preview = window.wagtail.app.getControllerForElementAndIdentifier(panel, "w-preview");
    preview.contentChecksPromise = null;
    preview.runChecks();
  }, 500);
});
