package io.chordshare;

import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ApplicationListener;

/**
 * A ring of five nodes in one JVM, for trying it out: what {@code mvn spring-boot:run} starts. Each is a node like any
 * other, with its own port (8081 to 8085) and its own data under {@code target/ring}.
 */
public final class LocalRing {

    private static final int NODES = 5;
    private static final int FIRST_PORT = 8081;
    /** The nodes share one heap. */
    private static final int CONNECTIONS_EACH = 128;

    private LocalRing() {}

    /** @param args settings for all nodes, as {@code --name=value} */
    public static void main(String[] args) {
        OutOfMemory.endsTheProcess();
        for (int number = 1; number <= NODES; number++) {
            int port = FIRST_PORT + number - 1;
            List<String> settings = new ArrayList<>(List.of(args));
            settings.add("--server.port=" + port);
            settings.add("--server.tomcat.max-connections=" + CONNECTIONS_EACH);
            settings.add("--chordshare.node.data-dir=target/ring/node" + number);
            if (number > 1) {
                settings.add("--chordshare.node.seeds=http://127.0.0.1:" + FIRST_PORT);
            }
            new SpringApplicationBuilder(ChordshareApplication.class).bannerMode(Banner.Mode.OFF)
                    .listeners((ApplicationListener<ApplicationPreparedEvent>) prepared -> OutOfMemory.watchesTheLog())
                    .run(settings.toArray(String[]::new));
        }
        System.out.printf("%n  A ring of %d nodes is up: look at it at http://localhost:%d (to %d)%n"
                        + "  Try: curl -T README.md localhost:%d/files/README.md && curl "
                        + "localhost:%d/files/README.md%n%n",
                NODES, FIRST_PORT, FIRST_PORT + NODES - 1, FIRST_PORT, FIRST_PORT + NODES - 1);
    }
}
