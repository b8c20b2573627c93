package io.chordshare.simulation;

import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeriodicTask;
import io.chordshare.runtime.Request;
import java.util.List;

/** What a node runs on top of the ring. */
public interface Attachment {

    /** Answers what the ring does not. */
    <A> A answer(Request<A> request) throws PeerException;

    /** Once a second, as in production. */
    void tick();

    /** Its background work: a bug in it fails the run. */
    List<PeriodicTask> background();
}
