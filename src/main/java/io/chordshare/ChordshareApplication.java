package io.chordshare;

import io.chordshare.cli.TerminalClient;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ApplicationListener;

/** One node. Started alone it is a ring of one; given the address of any member it joins that member's ring. */
@SpringBootApplication
public class ChordshareApplication {

    /** In an unpacked jar this is started directly, and does what {@link Main} does. */
    public static void main(String[] args) {
        if (TerminalClient.isMeantBy(args)) {
            System.exit(TerminalClient.run(args));
        }
        OutOfMemory.endsTheProcess();
        SpringApplication application = new SpringApplication(ChordshareApplication.class);
        application.addListeners((ApplicationListener<ApplicationPreparedEvent>) prepared -> OutOfMemory
                .watchesTheLog());
        application.run(args);
    }
}
