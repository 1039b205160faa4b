/** Milliseconds from the next key to the result that has `text` in it, and is painted. */
window.benchPreviewShows = (text) =>
  new Promise((done) => {
    const result = document.querySelector(".mapping__result");
    addEventListener(
      "keydown",
      () => {
        const pressed = performance.now();
        const look = () => {
          if (!result.textContent.includes(text)) return;
          watch.disconnect();
          // The frame after the change is the one that shows it.
          requestAnimationFrame(() => setTimeout(() => done(performance.now() - pressed)));
        };
        const watch = new MutationObserver(look);
        watch.observe(result, { childList: true, characterData: true, subtree: true });
        look();
      },
      { once: true, capture: true },
    );
  });
