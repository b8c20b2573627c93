// Runs before the page is drawn, so that it never flashes in the wrong colours. Not a module for that reason.
'use strict';
(() => {
  const KEY = 'chordshare-theme';
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');

  function stored() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage is blocked: the system's choice then
    }
  }

  function apply() {
    root.dataset.theme = stored() ?? (system.matches ? 'dark' : 'light');
  }

  apply();
  system.addEventListener('change', apply);
  globalThis.chordshareTheme = {
    toggle() {
      const next = root.dataset.theme === 'dark' ? 'light' : 'dark';
      try {
        localStorage.setItem(KEY, next);
      } catch {
        // it holds for this page then
      }
      root.dataset.theme = next;
    },
  };
})();
