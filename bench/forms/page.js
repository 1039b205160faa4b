// What the bench of forms does inside the editor's page, beside bench/editor/page.js; see settings.py.

// Calls back once what stands in the page now is painted: a frame, and what comes after it.
const painted = (done) =>
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage(null);
  });

let pressed = 0;
addEventListener("pointerdown", () => (pressed = performance.now()), true);

// From the press on a card to the paint of its form's first fields, in ms.
window.benchFormOpens = () =>
  new Promise((resolve) => {
    pressed = 0;
    const look = () => {
      if (pressed && document.querySelector(".inspector .form [data-pointer]")) {
        painted(() => resolve(performance.now() - pressed));
      } else requestAnimationFrame(look);
    };
    look();
  });

// From each key to the paint of what it did, in ms.
window.benchKeys = () => {
  const taken = [];
  const key = () => {
    const began = performance.now();
    painted(() => taken.push(performance.now() - began));
  };
  addEventListener("keydown", key, true);
  return () => {
    removeEventListener("keydown", key, true);
    return taken;
  };
};

// All of the names get new values so many times a second, as the server would send them.
window.benchReadings = (node, names, perSecond) => {
  let count = 0;
  const timer = setInterval(() => {
    count++;
    const control = Object.fromEntries(names.map((name) => [name, count]));
    const data = JSON.stringify({
      t: "live",
      full: false,
      nodes: { [node]: { control } },
      edges: {},
    });
    window.benchSocket.dispatchEvent(new MessageEvent("message", { data }));
  }, 1000 / perSecond);
  return () => clearInterval(timer);
};
