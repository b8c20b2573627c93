package io.chordshare.simulation;

/** Counts by class of request, without a map: there are a dozen of them, and each message counts. */
final class MessageKind {

    /** More kinds of requests than all features together have. */
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
