// Before the first paint, so that the page never flashes in the other theme. "system" follows the device.
try {
  const theme = localStorage.getItem("tacit.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; then the device decides.
}
