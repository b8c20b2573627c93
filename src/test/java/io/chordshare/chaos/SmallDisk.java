package io.chordshare.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real disk for one node, which a test fills and breaks: a file system in memory, mounted in a namespace that only
 * the node and this test enter. The kernel unmounts it when the process that holds it ends, at {@link #close} or by
 * itself. Needs util-linux and a kernel that lets users have namespaces, but no root.
 */
final class SmallDisk implements AutoCloseable {

    private static final long COMMAND_SECONDS = 60;
    /** Longer than any test. */
    private static final int HELD_SECONDS = 1_800;

    private final Path mount;
    private final Process holder;

    private SmallDisk(Path mount, Process holder) {
        this.mount = mount;
        this.holder = holder;
    }

    static boolean isPossible() {
        try {
            return run(List.of("unshare", "-r", "-m", "true")) == 0;
        } catch (UncheckedIOException noSuchProgram) {
            return false;
        }
    }

    /** @param options of tmpfs, such as its size */
    static SmallDisk with(String options) {
        try {
            Path mount = Files.createTempDirectory("small-disk");
            Process holder = new ProcessBuilder("unshare", "-r", "-m", "sh", "-c",
                    "mount -t tmpfs -o " + options + " tmpfs " + mount + " && echo mounted && exec sleep "
                    + HELD_SECONDS)
                    .redirectErrorStream(true).start();
            BufferedReader said = new BufferedReader(
                    new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
            String first = said.readLine();
            if (!"mounted".equals(first)) {
                holder.destroyForcibly();
                throw new IllegalStateException("no disk: " + first);
            }
            return new SmallDisk(mount, holder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The place of a node that sees this disk. */
    ProcessPlace place() {
        return new ProcessPlace("127.0.0.1", ProcessPorts.free(), enter(), List.of());
    }

    Path data() {
        return mount.resolve("data");
    }

    /** Fills the disk to the last byte. */
    void fill() {
        // small pieces at the end, because a piece that does not fit is not written at all
        shell("cat /dev/zero > filler; dd if=/dev/zero of=filler-2 bs=1k; true");
    }

    /** Uses up all inodes, so that no file can be created. */
    void useUpInodes() {
        shell("mkdir many; i=0; while touch many/$i; do i=$((i+1)); done; true");
    }

    void makeRoom() {
        shell("rm -rf filler filler-2 many");
    }

    /** Newly opened files cannot be written. The open database still can. */
    void makeReadOnly() {
        shell("mount --bind " + data() + " " + data() + " && mount -o remount,bind,ro " + data());
    }

    /** Without unmounting, because the node may have a file open at that moment. */
    void makeWritable() {
        shell("mount -o remount,bind,rw " + data());
    }

    private void shell(String script) {
        List<String> command = new ArrayList<>(enter());
        command.addAll(List.of("sh", "-c", "cd " + mount + " && { " + script + "; } >/dev/null 2>&1"));
        int exit = run(command);
        if (exit != 0) {
            throw new IllegalStateException(script + " failed with " + exit);
        }
    }

    private List<String> enter() {
        return List.of("nsenter", "-t", Long.toString(holder.pid()), "-U", "-m", "--preserve-credentials");
    }

    static int run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " does not end");
            }
            return process.exitValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The node must have ended before. */
    @Override
    public void close() {
        holder.destroyForcibly();
        try {
            holder.waitFor();
            Files.delete(mount);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
