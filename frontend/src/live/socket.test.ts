import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FlowSocket } from "./socket";

class FakeSocket extends EventTarget {
  readyState: number = WebSocket.OPEN;
  sent: string[] = [];
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.readyState = WebSocket.CLOSED;
  }
  say(message: object): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  }
  end(code: number): void {
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}

function open() {
  const made: FakeSocket[] = [];
  const events = { message: vi.fn(), state: vi.fn() };
  const socket = new FlowSocket("ws://here/ws", events, () => {
    const fake = new FakeSocket();
    made.push(fake);
    return fake as unknown as WebSocket;
  });
  socket.start();
  const last = () => made.at(-1) as FakeSocket;
  return { made, events, socket, last };
}

const HELLO = { t: "hello", rev: 1, session: "s", client_id: "c" };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("FlowSocket", () => {
  it("is live with the server's hello, and says what it looks at", () => {
    const { events, socket, last } = open();
    socket.inspect(["n"]);
    last().say(HELLO);
    expect(events.state).toHaveBeenLastCalledWith("live");
    expect(last().sent.map((text) => (JSON.parse(text) as { t: string }).t)).toContain("visible");
    expect(last().sent).toContain('{"t":"inspect","nodes":["n"]}');
    expect(events.message).toHaveBeenCalledWith(HELLO);
    socket.stop();
  });

  it("comes back by itself, and inspects again what it inspected", () => {
    const { made, events, socket, last } = open();
    socket.inspect(["n"]);
    last().say(HELLO);
    last().end(1012);
    expect(events.state).toHaveBeenLastCalledWith("reconnecting");
    vi.advanceTimersByTime(250);
    expect(made).toHaveLength(2);
    last().say(HELLO);
    expect(last().sent).toContain('{"t":"inspect","nodes":["n"]}');
    socket.stop();
  });

  it("waits longer after each failure, and not at all when the browser is online again", () => {
    const { made, socket, last } = open();
    for (let n = 0; n < 6; n++) {
      last().end(1006);
      vi.advanceTimersByTime(15_000);
    }
    expect(made).toHaveLength(7);
    last().end(1006);
    vi.advanceTimersByTime(1000);
    expect(made).toHaveLength(7);
    window.dispatchEvent(new Event("online"));
    expect(made).toHaveLength(8);
    socket.stop();
  });

  it("gives up where coming back is pointless", () => {
    const { made, events, socket, last } = open();
    last().end(4404);
    vi.advanceTimersByTime(60_000);
    expect(made).toHaveLength(1);
    expect(events.state).toHaveBeenLastCalledWith("gone");
    socket.stop();
  });

  it("keeps asking after a sign-out, in case the person signs in elsewhere", () => {
    const { made, events, socket, last } = open();
    last().end(4401);
    expect(events.state).toHaveBeenLastCalledWith("signed_out");
    vi.advanceTimersByTime(1000);
    expect(made).toHaveLength(2);
    socket.stop();
  });

  it("pings often while it is looked at, so that others see soon who is gone, and seldom while it is hidden", () => {
    const { socket, last } = open();
    last().say(HELLO);
    const pings = () => last().sent.filter((text) => text === '{"t":"ping"}').length;
    vi.advanceTimersByTime(20_000);
    expect(pings()).toBe(4);
    last().say({ t: "pong" });
    const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    vi.advanceTimersByTime(40_000 - 5_000);
    expect(pings()).toBe(5);
    hidden.mockRestore();
    socket.stop();
  });

  it("pings, and takes a silent connection for a dead one", () => {
    const { made, events, socket, last } = open();
    last().say(HELLO);
    vi.advanceTimersByTime(20_000);
    expect(last().sent).toContain('{"t":"ping"}');
    last().say({ t: "pong" });
    expect(events.message).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(61_000);
    expect(events.state).toHaveBeenCalledWith("reconnecting");
    expect(made.length).toBeGreaterThan(1);
    socket.stop();
  });

  it("tries anew where nobody says hello, and does not wait for it as long as for a word", () => {
    const { made, events, socket, last } = open();
    last().readyState = WebSocket.CONNECTING;
    vi.advanceTimersByTime(15_000);
    expect(made).toHaveLength(1);
    vi.advanceTimersByTime(5_000);
    expect(events.state).toHaveBeenLastCalledWith("reconnecting");
    vi.advanceTimersByTime(250);
    expect(made).toHaveLength(2);
    last().say(HELLO);
    vi.advanceTimersByTime(40_000);
    expect(made).toHaveLength(2);
    socket.stop();
  });

  it("does not come back after it was stopped", () => {
    const { made, socket, last } = open();
    socket.stop();
    last().end(1000);
    window.dispatchEvent(new Event("online"));
    vi.advanceTimersByTime(60_000);
    expect(made).toHaveLength(1);
  });
});
