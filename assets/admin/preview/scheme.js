// The page's own ground; what the widget looks like it is told itself.
addEventListener('message', (event) => {
  if (event.origin === location.origin && event.data?.type === 'beseda-preview') document.documentElement.dataset.scheme = event.data.dark ? 'dark' : 'light';
});
