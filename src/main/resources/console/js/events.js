// Follows GET /events. Reconnects automatically and resumes after the last event.

const NAMES = ['ring', 'node', 'file', 'files', 'repair', 'handover', 'reset'];
const RECENT = 50;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 10_000;
/** A browser has six connections to a node. A hidden page closes its connection. */
const HIDDEN_FOR_MS = 30_000;

/** onEvent(name, data, id); onState('live' | 'connecting'). */
export function follow(onEvent, onState) {
  let source = null;
  let lastId = null;
  let pause = FIRST_PAUSE_MS;
  let timer = 0;

  function connect() {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(lastId === null ? `/events?recent=${RECENT}` : `/events?lastEventId=${lastId}`);
    source.onopen = () => {
      pause = FIRST_PAUSE_MS;
      onState('live');
    };
    source.onerror = () => {
      onState('connecting');
      // the browser reconnects by itself, unless the node refused the connection
      if (source?.readyState === EventSource.CLOSED) {
        timer = setTimeout(connect, pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    };
    for (const name of NAMES) {
      source.addEventListener(name, event => {
        lastId = event.lastEventId;
        onEvent(name, JSON.parse(event.data), event.lastEventId);
      });
    }
  }

  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    if (document.hidden) {
      timer = setTimeout(() => {
        source?.close();
        source = null;
      }, HIDDEN_FOR_MS);
    } else if (source === null) {
      connect();
    }
  });
  connect();
}
