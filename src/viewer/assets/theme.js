// Before anything is drawn: the theme that the reader chose, and that scripts run.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  try {
    const theme = localStorage.getItem("talknotes-theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // Storage may be forbidden; the system decides then.
  }
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("button.theme");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const dark = root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
      root.dataset.theme = dark === "dark" ? "light" : "dark";
      try {
        localStorage.setItem("talknotes-theme", root.dataset.theme);
      } catch {
        // It holds for this page.
      }
    });
  });
})();
