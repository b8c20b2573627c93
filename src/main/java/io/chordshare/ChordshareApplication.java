package io.chordshare;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ApplicationListener;

/** One node. Started alone it is a ring of one; given the address of any member it joins that member's ring. */
@SpringBootApplication
public class ChordshareApplication {

    public static void main(String[] args) {
        OutOfMemory.endsTheProcess();
        SpringApplication application = new SpringApplication(ChordshareApplication.class);
        application.addListeners((ApplicationListener<ApplicationPreparedEvent>) prepared -> OutOfMemory.watchesTheLog());
        application.run(args);
    }
}
