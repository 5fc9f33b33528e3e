/* Classic script in the head of every page: sets the person's theme before the first paint, so that a dark page never
   flashes white. The choice lives on the server; this device remembers the last one seen (see appearance.js). */
try {
  var theme = localStorage.getItem('beseda.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch (error) {
  // Storage is switched off: the system's theme it is.
}

/* A page whose scripts do not come, or are not of one version, would stay empty: it says so. Once it has begun, the words
   are gone from it, and this does nothing. */
addEventListener('error', function (event) {
  var words = document.getElementById('unloadable');
  if (words && !(event.target instanceof HTMLLinkElement)) words.hidden = false;
}, true);
