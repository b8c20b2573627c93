package io.chordshare.simulation;

/**
 * Counts messages by request class without a map, because there are only a dozen classes and every message is counted.
 */
final class MessageKind {

    /** More classes of requests than all features have together. */
    static final int MAX_KINDS = 64;

    private static final ClassValue<Integer> INDEX = new ClassValue<>() {
        private int next;

        @Override
        protected synchronized Integer computeValue(Class<?> type) {
            if (next == MAX_KINDS) {
                throw new IllegalStateException("more than " + MAX_KINDS + " kinds of messages");
            }
            return next++;
        }
    };

    private MessageKind() {}

    static int indexOf(Class<?> request) {
        return INDEX.get(request);
    }
}
