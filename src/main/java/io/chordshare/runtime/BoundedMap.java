package io.chordshare.runtime;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A map whose keys come from outside, and which therefore has a limit: at the limit a new entry takes the place of the
 * first in order. What must not be pushed out by a stranger's entries does not belong in such a map, or is kept last by
 * use. Not thread-safe: its owner has a lock already.
 *
 * @param <K> what comes from outside
 * @param <V> what is remembered of it
 */
public final class BoundedMap<K, V> {

    private final int limit;
    private final boolean byUse;
    private final LinkedHashMap<K, V> entries = new LinkedHashMap<>();

    private BoundedMap(int limit, boolean byUse) {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit is at least 1, not " + limit);
        }
        this.limit = limit;
        this.byUse = byUse;
    }

    /** The entry that was put first makes room. Putting a key again counts as new. */
    public static <K, V> BoundedMap<K, V> byAge(int limit) {
        return new BoundedMap<>(limit, false);
    }

    /**
     * The entry that was not read or put for longest makes room. Entries in use stay, even when strangers fill the map.
     */
    public static <K, V> BoundedMap<K, V> byUse(int limit) {
        return new BoundedMap<>(limit, true);
    }

    public @Nullable V get(K key) {
        V value = entries.get(key);
        if (value != null && byUse) {
            entries.putLast(key, value);
        }
        return value;
    }

    /** What is there; otherwise what {@code make} makes, which is kept. */
    public V getOrPut(K key, Function<K, V> make) {
        V there = get(key);
        if (there != null) {
            return there;
        }
        V made = make.apply(key);
        put(key, made);
        return made;
    }

    public void put(K key, V value) {
        entries.putLast(key, value);
        if (entries.size() > limit) {
            entries.pollFirstEntry();
        }
    }

    /** Replaces the value of an entry that is there. Its place in the order stays. */
    public void replace(K key, UnaryOperator<V> change) {
        entries.computeIfPresent(key, (same, value) -> change.apply(value));
    }

    public @Nullable V remove(K key) {
        return entries.remove(key);
    }

    public void removeIf(BiPredicate<K, V> unwanted) {
        for (Iterator<Map.Entry<K, V>> all = entries.entrySet().iterator(); all.hasNext();) {
            Map.Entry<K, V> next = all.next();
            if (unwanted.test(next.getKey(), next.getValue())) {
                all.remove();
            }
        }
    }

    public void clear() {
        entries.clear();
    }

    public boolean contains(K key) {
        return entries.containsKey(key);
    }

    public int size() {
        return entries.size();
    }

    public boolean isFull() {
        return entries.size() >= limit;
    }

    /** In order: the one that makes room next is the first. A copy. */
    public List<V> values() {
        return new ArrayList<>(entries.values());
    }

    /** In order: the one that makes room next is the first. A copy. */
    public List<K> keys() {
        return new ArrayList<>(entries.keySet());
    }
}
