/** The browser's permission for notices of this device. It is asked for by a button only, never by itself. */

/** @returns {'unable' | 'insecure' | 'default' | 'granted' | 'denied'} */
export function permission() {
  if (!isSecureContext) return 'insecure';
  return 'Notification' in window ? Notification.permission : 'unable';
}

/** Asks the person, who has just pressed a button for it. */
export async function askPermission() {
  if (permission() === 'default') await Notification.requestPermission();
  return permission();
}

/**
 * Hears when it is changed, also in the browser's own settings.
 *
 * @param {() => void} changed
 */
export async function onPermissionChange(changed) {
  try {
    const status = await navigator.permissions.query({ name: 'notifications' });
    status.addEventListener('change', changed);
    return () => status.removeEventListener('change', changed);
  } catch {
    return () => {};
  }
}
