package io.chordshare.simulation;

import io.chordshare.id.ChordId;
import io.chordshare.runtime.Peer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A hash of a message or a state that is the same in every JVM. {@code hashCode} is not: for an enum, and for every
 * record that contains one, each process draws it anew.
 */
final class Fingerprint {

    private static final ClassValue<Method[]> ACCESSORS = new ClassValue<>() {
        @Override
        protected Method[] computeValue(Class<?> type) {
            Method[] accessors =
                    Arrays.stream(type.getRecordComponents()).map(RecordComponent::getAccessor).toArray(Method[]::new);
            for (Method accessor : accessors) {
                accessor.setAccessible(true);
            }
            return accessors;
        }
    };

    private Fingerprint() {}

    static long mix(long hash, long more) {
        long mixed = (hash ^ more) * 0x9E3779B97F4A7C15L;
        return mixed ^ (mixed >>> 32);
    }

    static long of(@Nullable Object content) {
        // the most frequent types first
        if (content == null) {
            return 0;
        }
        if (content instanceof ChordId id) {
            return id.hashCode();
        }
        if (content instanceof Peer peer) {
            return mix(mix(peer.id().hashCode(), peer.address().hashCode()), peer.incarnation());
        }
        if (content instanceof List<?> list) {
            return ofList(list);
        }
        if (content instanceof Enum<?> constant) {
            return constant.ordinal() + 1;
        }
        if (content instanceof Record record) {
            return ofRecord(record);
        }
        if (content instanceof Map<?, ?> map) {
            long sum = map.size();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                // a sum, because not every map has an order
                sum += mix(of(entry.getKey()), of(entry.getValue()));
            }
            return sum;
        }
        if (content instanceof Collection<?> collection) {
            return collection.stream().mapToLong(Fingerprint::of).sum();
        }
        return ofValue(content);
    }

    private static long ofList(List<?> list) {
        long hash = list.size();
        for (int i = 0; i < list.size(); i++) {
            hash = mix(hash, of(list.get(i)));
        }
        return hash;
    }

    private static long ofRecord(Record record) {
        long hash = record.getClass().getName().hashCode();
        try {
            for (Method accessor : ACCESSORS.get(record.getClass())) {
                hash = mix(hash, of(accessor.invoke(record)));
            }
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("cannot look into " + record, e);
        }
        return hash;
    }

    private static long ofValue(Object content) {
        return switch (content) {
            case String text -> text.hashCode();
            case Number number -> number.hashCode();
            case Boolean truth -> truth.hashCode();
            case Optional<?> maybe -> of(maybe.orElse(null));
            case byte[] bytes -> Arrays.hashCode(bytes);
            case Comparable<?> value when value.getClass().getName().startsWith("java.time.") -> value.hashCode();
            // other types might hash by identity, so only the class counts
            default -> content.getClass().getName().hashCode();
        };
    }
}
