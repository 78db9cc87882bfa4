// Macrotasks without a timer, in Node and in a browser alike: a message to oneself. All that a program has to do in one is
// done before the next.

export interface Macrotasks {
  /** Resolves in a macrotask of its own. One at a time. */
  readonly turn: () => Promise<void>;
  /** An open channel keeps a process alive. */
  readonly close: () => void;
}

export function macrotasks(): Macrotasks {
  const {port1, port2} = new MessageChannel();
  let passed: (() => void) | undefined;
  // Not onmessage, which Node's types do not have; so it has to be started.
  port1.addEventListener("message", () => passed?.());
  port1.start();
  return {
    turn: () =>
      new Promise((resolve) => {
        passed = resolve;
        port2.postMessage(0);
      }),
    close: () => {
      port1.close();
      port2.close();
    },
  };
}
