package io.chordshare;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** One node. Started alone it is a ring of one; given the address of any member it joins that member's ring. */
@SpringBootApplication
public class ChordshareApplication {

    public static void main(String[] args) {
        SpringApplication.run(ChordshareApplication.class, args);
    }
}
