/** What the button may show instead of a speech bubble. Loaded only then. */
export const icons = {
  question: 'M10 2.5a7.5 7.5 0 100 15 7.5 7.5 0 000-15zM7.7 8c0-3 4.6-3 4.6 0 0 1.7-2.3 1.7-2.3 3.5M10 14v.01',
  phone: 'M5.5 3L3 5.5C3 12 8 17 14.5 17l2.5-2.5-3.5-2.5-1.8 1.5c-2-.9-3.3-2.2-4.2-4.2L9 7.5z',
  heart: 'M10 16.500C6 13.8 3 11 3 7.800c0-4 5-5 7-1.8 2-3.2 7-2.2 7 1.8 0 3.2-3 6-7 8.700z',
};
