// What the bench does inside the editor's page; see ours.py.

// The page's own socket, so that live values can come in as the server would send them.
window.WebSocket = class extends WebSocket {
  constructor(...all) {
    super(...all);
    window.benchSocket = this;
  }
};

// How long each frame takes in which step(number of the frame) is called, in ms.
window.benchFrames = (ms, step) =>
  new Promise((resolve) => {
    const taken = [];
    let number = 0;
    let last = 0;
    let until = Infinity;
    const frame = (now) => {
      if (last) taken.push(now - last);
      else until = now + ms;
      last = now;
      if (now >= until) return resolve(taken);
      step(number++);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });

const pane = () => document.querySelector(".react-flow__pane");

const mouse = (target, type, [x, y], buttons) =>
  target.dispatchEvent(
    new MouseEvent(type, {
      bubbles: true,
      cancelable: true,
      view: window,
      clientX: x,
      clientY: y,
      button: 0,
      buttons,
    }),
  );

const middle = (element) => {
  const { x, y, width, height } = element.getBoundingClientRect();
  return [x + width / 2, y + height / 2];
};

// To and fro in steps of one, `far` either way, from the middle on.
const swing = (number, far) =>
  Math.abs(((number + far) % (4 * far)) - 2 * far) - far;

const dragFrom = (element, start, right, down, far) => {
  mouse(element, "mousedown", start, 1);
  return (number) => {
    const by = swing(number, far);
    mouse(
      window,
      "mousemove",
      [start[0] + right * by, start[1] + down * by],
      1,
    );
  };
};

window.benchRelease = () => mouse(window, "mouseup", middle(pane()), 0);

// A long way over the canvas, 16 px right and 7 px down a frame, by pressing and moving.
window.benchPan = () => dragFrom(pane(), middle(pane()), -16, -7, 150);

// The selection, dragged by the card that is nearest to the middle.
window.benchDrag = () => {
  const [x, y] = middle(pane());
  const far = (name) => Math.hypot(middle(name)[0] - x, middle(name)[1] - y);
  const names = [
    ...document.querySelectorAll(".react-flow__node.selected .card__name"),
  ];
  const name = names.reduce((one, other) =>
    far(other) < far(one) ? other : one,
  );
  return dragFrom(name, middle(name), 3, 2, 40);
};

// Out and in again with the wheel around the middle.
window.benchZoom = () => {
  const [clientX, clientY] = middle(pane());
  return (number) =>
    pane().dispatchEvent(
      new WheelEvent("wheel", {
        bubbles: true,
        cancelable: true,
        view: window,
        clientX,
        clientY,
        deltaY: number % 60 < 30 ? -12 : 12,
      }),
    );
};

// So many values a second change, in twenty messages, round and round the nodes.
window.benchLive = (ids, perSecond) => {
  let next = 0;
  let count = 0;
  const timer = setInterval(() => {
    const nodes = {};
    for (let i = 0; i < perSecond / 20; i++) {
      count++;
      nodes[ids[next++ % ids.length]] = {
        value: String(count),
        state: count % 10 ? "running" : "working",
        stats: { count, rate: (count % 900) + 1, p95_ms: (count % 50) + 1 },
      };
    }
    const data = JSON.stringify({ t: "live", full: false, nodes, edges: {} });
    window.benchSocket.dispatchEvent(new MessageEvent("message", { data }));
  }, 50);
  window.benchQuiet = () => clearInterval(timer);
};
