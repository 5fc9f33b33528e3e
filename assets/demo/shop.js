/**
 * The demonstration shop's only script: its buttons open the chat by the widget's API, as a real shop's would.
 * What is asked before the widget has come waits in a queue.
 */
/** @type {any} */
const page = window;
page.beseda ??= (/** @type {unknown[]} */ ...call) => (page.beseda.q ??= []).push(call);

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('[data-beseda]') : null;
  if (button instanceof HTMLElement) page.beseda(button.dataset.beseda);
});
