package io.chordshare.simulation;

import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.runtime.Request;
import io.chordshare.simulation.EventLog.Kind;
import io.chordshare.transport.ProductionTimeouts;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiPredicate;

/**
 * Carries requests and answers between machines. Each is a message with a latency of its own, so messages overtake each
 * other. The network may lose any message, or deliver a request twice. A machine that is up but has no listener refuses
 * the connection after a round trip. Without a machine, or without a path to it, nothing comes back.
 */
public final class SimulatedNetwork {

    private final Kernel kernel;
    private final EventLog log;
    private final SplittableRandom random;
    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private final LinkFaults faults = new LinkFaults();
    private final long[] sent = new long[MessageKind.MAX_KINDS];
    private final Duration[] limits = new Duration[MessageKind.MAX_KINDS];
    private BiPredicate<SimulatedNode, SimulatedNode> cut = Partition.none();

    SimulatedNetwork(Kernel kernel, EventLog log, SplittableRandom random) {
        this.kernel = kernel;
        this.log = log;
        this.random = random;
    }

    Host host(String address) {
        return hosts.computeIfAbsent(address, Host::new);
    }

    // -- faults for tests
    // ----------------------------------------------------------------------------------------------

    /** Sets the default latency of messages. */
    public void setLatency(Latency latency) {
        faults.latency(latency);
        fault(latency);
    }

    /** Sets the latency from one address to another, in this direction only. */
    public void setLatency(String from, String to, Latency latency) {
        faults.latency(from, to, latency);
        fault(List.of(from, to));
    }

    /** Sets the fraction of all messages that is lost, both requests and answers. */
    public void setLoss(double part) {
        faults.loss(part);
        fault(part);
    }

    /** Sets the fraction of the messages from one address to another that is lost. */
    public void setLoss(String from, String to, double part) {
        faults.loss(from, to, part);
        fault(List.of(from, to, part));
    }

    /** Sets the fraction of all requests that arrives twice. */
    public void setDuplication(double part) {
        faults.duplication(part);
        fault(part);
    }

    /** From now on, no message passes from one node to another for which {@code cut} holds, in this direction only. */
    public void cut(BiPredicate<SimulatedNode, SimulatedNode> cut) {
        this.cut = cut;
        fault("cut");
    }

    /** No message passes between two groups. Nodes in no group belong to the first. */
    public void partition(List<? extends Collection<SimulatedNode>> groups) {
        cut(Partition.of(groups));
    }

    /** Messages from {@code from} to {@code to} do not arrive. Those in the other direction do. */
    public void cutOneWay(Collection<SimulatedNode> from, Collection<SimulatedNode> to) {
        cut(Partition.oneWay(from, to));
    }

    /** Every message arrives again, exactly once. Latencies stay. */
    public void heal() {
        cut = Partition.none();
        faults.clear();
        fault("heal");
    }

    /** Number of requests of a kind since the start or {@link #forgetMessages}. */
    public long messages(Class<?> kind) {
        return sent[MessageKind.indexOf(kind)];
    }

    public void forgetMessages() {
        Arrays.fill(sent, 0);
    }

    private void fault(Object what) {
        log.add(kernel.nanos(), Kind.FAULT, null, what);
    }

    /** The timeout of a kind of request, as in production. */
    Duration limit(Request<?> request) {
        int kind = MessageKind.indexOf(request.getClass());
        if (limits[kind] == null) {
            limits[kind] = ProductionTimeouts.of(request);
        }
        return limits[kind];
    }

    // -- transport of messages
    // ------------------------------------------------------------------------------------------

    void send(Exchange<?> exchange) {
        SimulatedNode asker = exchange.asker;
        if (exchange.request != null) {
            int kind = MessageKind.indexOf(exchange.request.getClass());
            sent[kind]++;
            asker.countSent(kind);
        }
        asker.note(Kind.SENT, exchange.request);
        Host there = host(exchange.address);
        carry(exchange, there, true);
        if (faults.duplication() > 0 && random.nextDouble() < faults.duplication()) {
            asker.note(Kind.DOUBLED, exchange.request);
            carry(exchange, there, false);
        }
    }

    private void carry(Exchange<?> exchange, Host there, boolean first) {
        String from = exchange.asker.address();
        if (isLost(from, there.address)) {
            exchange.asker.note(Kind.LOST, exchange.request);
            exchange.expect();
            return;
        }
        kernel.schedule(faults.latency(from, there.address).draw(random), () -> arrive(exchange, there, first));
    }

    private void arrive(Exchange<?> exchange, Host there, boolean first) {
        SimulatedNode target = there.process;
        if (target != null && cut.test(exchange.asker, target) || !there.powered) {
            exchange.expect();
        } else if (target == null || !target.isUp()) {
            refuse(exchange, there);
        } else {
            target.receive(exchange, first);
        }
    }

    /** No process listens there: the machine refuses immediately. */
    void refuse(Exchange<?> exchange, Host there) {
        exchange.asker.note(Kind.REFUSED, exchange.request);
        answer(exchange, there, () -> exchange.fail(Reason.NO_ANSWER, there.address
                + " does not answer: no connection"));
    }

    /** Sends an answer back. {@code arrived} runs at the asker, unless it has timed out. */
    void answer(Exchange<?> exchange, Host there, Runnable arrived) {
        SimulatedNode asker = exchange.asker;
        if (isLost(there.address, asker.address())) {
            asker.note(Kind.LOST, exchange.request);
            exchange.expect();
            return;
        }
        // a slow node also handles answers late
        long delay = faults.latency(there.address, asker.address()).draw(random) + asker.handling().toNanos();
        exchange.expectNotBefore(kernel.nanos() + delay);
        kernel.schedule(delay, () -> {
            if (there.process != null && cut.test(there.process, asker)) {
                exchange.expect();
                return;
            }
            asker.happen(() -> {
                if (!exchange.isOver()) {
                    arrived.run();
                }
            });
        });
    }

    private boolean isLost(String from, String to) {
        double loss = faults.loss(from, to);
        return loss > 0 && random.nextDouble() < loss;
    }
}
