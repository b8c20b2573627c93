package io.chordshare.simulation;

import com.sun.management.OperatingSystemMXBean;
import io.chordshare.ring.protocol.RingRequest;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;

/**
 * Measures how fast a large ring runs: {@code SpeedMain nodes seconds [crashes per minute]}. Each crashed node restarts
 * half a minute later.
 */
final class SpeedMain {

    private SpeedMain() {}

    public static void main(String[] args) {
        int nodes = Integer.parseInt(args[0]);
        int seconds = Integer.parseInt(args[1]);
        Simulation world = new Simulation(1);
        long began = System.nanoTime();
        world.ideal(nodes);
        System.out.printf("placed %d nodes in %.1f s%n", nodes, (System.nanoTime() - began) / 1e9);
        churn(world, args.length > 2 ? Integer.parseInt(args[2]) : 0);
        for (int part = 0; part < 5; part++) {
            long events = world.events();
            began = System.nanoTime();
            long cpuBegan = cpuNanos();
            world.run(Duration.ofSeconds(seconds).dividedBy(5));
            double took = (System.nanoTime() - began) / 1e9;
            double cpu = (cpuNanos() - cpuBegan) / 1e9;
            Runtime jvm = Runtime.getRuntime();
            System.out.printf("%s: %.2f virtual s per s, %.2f per s of CPU, %.0f events per virtual s, "
                            + "%.0f events per s of CPU, %d pending, %d MB%n",
                    world.now(), seconds / 5.0 / took, seconds / 5.0 / cpu, (world.events() - events) / (seconds / 5.0),
                    (world.events() - events) / cpu, world.kernel().pending(),
                    (jvm.totalMemory() - jvm.freeMemory()) >> 20);
        }
        for (Class<?> kind : RingRequest.class.getPermittedSubclasses()) {
            System.out.printf("%s: %.2f a second and node%n", kind.getSimpleName(),
                    (double) world.network().messages(kind) / nodes / seconds);
        }
    }

    private static void churn(Simulation world, int crashesPerMinute) {
        if (crashesPerMinute == 0) {
            return;
        }
        world.network().setLoss(0.001);
        world.after(Duration.ofMinutes(1).dividedBy(crashesPerMinute), () -> {
            List<SimulatedNode> up = world.up();
            SimulatedNode down = up.get(world.faults().nextInt(up.size()));
            down.crash();
            world.after(Duration.ofSeconds(30), () -> world.restart(down));
            churn(world, crashesPerMinute);
        });
    }

    /** CPU time of the whole process, so that other processes on the machine do not count. */
    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
