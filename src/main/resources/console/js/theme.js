// Runs before the page is drawn, so the page never flashes in the wrong colours. Therefore not a module.
'use strict';
(() => {
  const KEY = 'chordshare-theme';
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');

  function stored() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage is blocked: use the system's theme
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
        // storage is blocked: the theme is valid for this page only
      }
      root.dataset.theme = next;
    },
  };
})();
