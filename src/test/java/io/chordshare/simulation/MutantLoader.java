package io.chordshare.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Loads a second copy of the ring and the simulator into this JVM, with some ring classes mutated, so that production
 * code needs no seam. Only strings and numbers pass between the copies, because their types differ.
 */
public final class MutantLoader extends ClassLoader {

    /** Every class that refers to a type of the ring must be loaded again. */
    private static final String OWN = "io.chordshare.";

    private final Map<String, byte[]> mutated;

    public MutantLoader(Mutant mutant) {
        super(MutantLoader.class.getClassLoader());
        this.mutated = MutantCompiler.compile(mutant);
    }

    /** Calls a static method of {@code type} in the mutated copy. */
    public Object call(Class<?> type, String method, Object... arguments) {
        try {
            Class<?> copy = loadClass(type.getName());
            List<Method> named = Arrays.stream(copy.getDeclaredMethods()).filter(m -> m.getName().equals(method))
                    .toList();
            if (named.size() != 1) {
                throw new IllegalStateException(type.getSimpleName() + " has " + named.size() + " methods called "
                        + method + ": give the one that is meant a name of its own");
            }
            Method found = named.getFirst();
            found.setAccessible(true);
            return found.invoke(null, arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(method + " failed on the mutant", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OWN)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                byte[] bytes = bytes(name);
                loaded = defineClass(name, bytes, 0, bytes.length);
            }
            return loaded;
        }
    }

    private byte[] bytes(String name) throws ClassNotFoundException {
        byte[] changed = mutated.get(name);
        if (changed != null) {
            return changed;
        }
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
