/** What a browser has and Node has not; to be imported before all else. */

const page = Object.assign(new EventTarget(), {
  ...{ hidden: false, cookie: "" },
  querySelector: () => null,
  getElementById: () => null,
});

Object.assign(globalThis, {
  ...{ window: new EventTarget(), document: page, location: { protocol: "http:", host: "robot" } },
  requestAnimationFrame: (draw: () => void) => setTimeout(draw, 16),
});
