package io.chordshare.connections;

import io.chordshare.problem.StartRefusedException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of client connections.
 *
 * @param headWithin a client must send the whole request head within this time
 * @param patience   a client may fall behind {@code leastRate} by this time while it sends a body
 * @param leastRate  bytes per second that a client must send or read on average
 * @param readWithin a client may fall behind {@code leastRate} by this time while it reads an answer; longer than
 * {@code patience}, because the buffers of the operating system empty in large steps
 */
@ConfigurationProperties(ConnectionProperties.PREFIX)
public record ConnectionProperties(@DefaultValue("20s") Duration headWithin, @DefaultValue("20s") Duration patience,
                            @DefaultValue("1KB") DataSize leastRate, @DefaultValue("60s") Duration readWithin) {

    static final String PREFIX = "chordshare.connections";

    static final ConnectionProperties DEFAULTS = new ConnectionProperties(Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            DataSize.ofKilobytes(1), Duration.ofSeconds(60));

    public ConnectionProperties {
        requirePositive("head-within", headWithin);
        requirePositive("patience", patience);
        requirePositive("read-within", readWithin);
        if (leastRate.toBytes() < 1) {
            throw refused("least-rate", "at least 1B, not " + leastRate.toBytes() + "B");
        }
    }

    private static void requirePositive(String name, Duration time) {
        if (time.toMillis() < 1) {
            throw refused(name, "at least 1ms, not " + time.toMillis() + "ms");
        }
    }

    private static StartRefusedException refused(String name, String must) {
        return new StartRefusedException(PREFIX + "." + name + " must be " + must + ".",
                "Correct the setting, or leave it out for its default.");
    }
}
