/* Classic script in the head of every page: sets the person's theme before the first paint, so that a dark page never
   flashes white. The choice lives on the server; this device remembers the last one seen (see appearance.js). */
try {
  var theme = localStorage.getItem('beseda.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch (error) {
  // Storage is switched off: the system's theme it is.
}
