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
 * A map with a limit, because its keys come from outside. When the map is full, a new entry replaces the first in
 * order. An entry that strangers must not push out does not belong in a map by age. Not thread-safe: the owner holds a
 * lock.
 *
 * @param <K> a key from outside
 * @param <V> what is stored for it
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

    /**
     * When the map is full, the entry that was put first is dropped. Putting a key again makes its entry the newest.
     */
    public static <K, V> BoundedMap<K, V> byAge(int limit) {
        return new BoundedMap<>(limit, false);
    }

    /**
     * When the map is full, the entry that was not read or put for longest is dropped. So entries in use stay, even
     * when strangers fill the map.
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

    /** The value for {@code key}; if there is none, stores and returns what {@code make} creates. */
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

    /** Replaces the value of an existing entry. The entry keeps its place in the order. */
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

    /** A copy, in order: the entry that is dropped next comes first. */
    public List<V> values() {
        return new ArrayList<>(entries.values());
    }

    /** A copy, in order: the key that is dropped next comes first. */
    public List<K> keys() {
        return new ArrayList<>(entries.keySet());
    }
}
