/**
 * One tab of this device tells of news: the one that a person looked at last. It holds a lock of the browser, which goes
 * to another tab when it closes; coming into view takes it. Where there are no locks, the tab in view tells.
 */

const LOCK = 'beseda-notices';

export function createLeader() {
  const locks = 'locks' in navigator ? navigator.locks : null;
  let leads = false;
  let queued = false;

  /** @param {boolean} steal */
  function ask(steal) {
    if (!steal && queued) return;
    queued ||= !steal;
    locks?.request(LOCK, steal ? { steal } : {}, () => {
      if (!steal) queued = false;
      leads = true;
      return new Promise(() => {});
    }).catch(() => {
      // Another tab came into view and took it: this one waits in the queue until that one is closed.
      leads = false;
      ask(false);
    });
  }

  function look() {
    if (!leads && document.hasFocus() && !document.hidden) ask(true);
  }

  ask(document.hasFocus() && !document.hidden);
  addEventListener('focus', look);
  document.addEventListener('visibilitychange', look);
  addEventListener('pageshow', look);

  return {
    get leads() {
      return locks === null ? !document.hidden : leads;
    },
  };
}
