// Runs before the page is painted: applies the theme, density and time zone that were chosen here, and says that scripts run.
(() => {
  const root = document.documentElement;
  root.dataset.script = "";
  for (const name of ["theme", "density", "times"]) {
    try {
      const chosen = localStorage.getItem("holdfast." + name);
      if (chosen) root.dataset[name] = chosen;
    } catch { /* storage is off: the system's theme applies */ }
  }
})();
