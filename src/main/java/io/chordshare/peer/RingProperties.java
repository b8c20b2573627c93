package io.chordshare.peer;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Settings of the ring. The periods of its background work are read where it is scheduled. @param successors list length */
@ConfigurationProperties("chordshare.ring")
record RingProperties(@DefaultValue("4") int successors) {}
