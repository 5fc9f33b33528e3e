/** The help: its text is plain HTML; this adds the keys and the buttons that copy. */

import { copyButton } from '../shared/copy-button.js';
import { loadText } from '../shared/text.js';
import { keyList } from '../operator/help.js';

await loadText(document.documentElement.lang);
document.getElementById('key-list')?.append(...keyList());
for (const command of document.querySelectorAll('[data-copy]')) command.after(copyButton(() => command.textContent ?? ''));
// The list has come since the browser looked for the place.
if (location.hash === '#keys') document.getElementById('keys')?.scrollIntoView();
