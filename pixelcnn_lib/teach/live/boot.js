// In a page without a kernel: the four methods of a model that a figure needs.
function shim(state) {
  const listeners = {};
  return {
    get: (name) => state[name],
    set(name, value) {
      if (state[name] === value) return;
      state[name] = value;
      for (const listener of listeners[`change:${name}`] ?? []) listener();
    },
    on: (event, listener) => (listeners[event] ??= []).push(listener),
    save_changes() {},
  };
}

// The scripts of a page run in its order: each takes the first figure of its name still asleep.
function bring(name, state) {
  const el = document.querySelector(`[data-live="${name}"]:not([data-alive])`);
  el.dataset.alive = "";
  render({ model: shim(state), el });
}
