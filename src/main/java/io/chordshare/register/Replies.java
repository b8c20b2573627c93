package io.chordshare.register;

import io.chordshare.placement.View;
import io.chordshare.register.RegisterRequest.RegisterReply;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.runtime.Quorum;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the members of a view answered to one request.
 *
 * @param view    the view that was asked
 * @param replies those that came, in order of arrival
 * @param full    why members refused that have no room
 * @param asked   how many members were asked: all, or those that hold the bytes
 */
record Replies(View view, List<Reply> replies, List<String> full, int asked) {

    /** One member's. */
    record Reply(Peer member, RegisterReply content) {

        boolean is(RegisterStatus status) {
            return content.status() == status;
        }
    }

    Replies {
        replies = List.copyOf(replies);
        full = List.copyOf(full);
    }

    static Replies of(View view, List<Outcome<Reply>> outcomes, int asked) {
        List<String> full = outcomes.stream().flatMap(outcome -> outcome instanceof Outcome.Failed<Reply>(
                PeerException reason) && reason.reason() == Reason.DISK_FULL
                ? Stream.of(String.valueOf(reason.getMessage())) : Stream.empty()).toList();
        return new Replies(view, Outcome.answers(outcomes), full, asked);
    }

    /** Those of members that serve this view. */
    private List<Reply> served() {
        return replies.stream().filter(reply -> !reply.is(RegisterStatus.OTHER_VIEW)
                && !reply.is(RegisterStatus.CHANGING)).toList();
    }

    List<Reply> with(RegisterStatus status) {
        return replies.stream().filter(reply -> reply.is(status)).toList();
    }

    boolean isMajority(long count) {
        return count >= view.majority();
    }

    /** Whether a majority read or promised. */
    boolean isDone() {
        return isMajority(with(RegisterStatus.DONE).size());
    }

    /** The highest version that a member has accepted. */
    Version newest() {
        return with(RegisterStatus.DONE).stream().map(reply -> reply.content().accepted()).max(Version::compareTo)
                .orElse(Version.NONE);
    }

    /** Members that have accepted this version. */
    List<Peer> having(Version version) {
        return with(RegisterStatus.DONE).stream().filter(reply -> reply.content().accepted().equals(version))
                .map(Reply::member).toList();
    }

    /** Those of them that have all its bytes. */
    List<Peer> holding(Version version) {
        return with(RegisterStatus.DONE).stream().filter(reply -> reply.content().accepted().equals(version)
                && reply.content().complete()).map(Reply::member).toList();
    }

    Optional<FileRecord> record(Version version) {
        return with(RegisterStatus.DONE).stream().map(reply -> reply.content().record())
                .filter(record -> record != null && record.version().equals(version)).findFirst();
    }

    /** The highest version that anybody has accepted or promised: the next one is above it. */
    Version highest() {
        Version highest = Version.NONE;
        for (Reply reply : served()) {
            for (Version version : List.of(reply.content().accepted(), reply.content().promised())) {
                highest = version.isNewerThan(highest) ? version : highest;
            }
        }
        return highest;
    }

    /**
     * Whether a plain record is written: a majority has it or something newer, and so has a majority of those that hold
     * its bytes.
     */
    boolean isWritten(FileRecord record) {
        return isWritten(record, replies.stream().filter(reply -> reply.is(RegisterStatus.DONE)
                || reply.is(RegisterStatus.NEWER)).toList());
    }

    /** As {@link #isWritten}, for a record that was promised for: only the record itself counts. */
    boolean isAccepted(FileRecord record) {
        return isWritten(record, with(RegisterStatus.DONE));
    }

    private boolean isWritten(FileRecord record, List<Reply> yes) {
        if (record.carriesItsBytes()) {
            return isMajority(yes.size());
        }
        int holders = Math.min(record.copies().count(), view.members().size());
        long holding = yes.stream().filter(reply -> view.rankOf(reply.member().id()) < holders).count();
        return isMajority(yes.size()) && holding >= Quorum.majorityOf(holders);
    }

    /** Whether members do not answer in this view, or not yet: the next try may go well. */
    boolean isOfChangingView() {
        return replies.stream().anyMatch(reply -> reply.is(RegisterStatus.CHANGING)
                || reply.is(RegisterStatus.OTHER_VIEW));
    }

    /** Whether it is for want of room that too few said yes: with the full ones there would have been enough. */
    boolean hasNoRoom() {
        boolean tooManyFull = full.size() > view.members().size() - view.majority();
        long yes = with(RegisterStatus.DONE).size() + with(RegisterStatus.NEWER).size();
        boolean lostRace = !with(RegisterStatus.PROMISED_HIGHER).isEmpty();
        return tooManyFull || !full.isEmpty() && !lostRace && !isOfChangingView()
                && yes + full.size() >= Quorum.majorityOf(asked);
    }

    /** Adds the replies to another request. */
    Replies and(Replies more) {
        List<Reply> both = new ArrayList<>(replies);
        both.addAll(more.replies);
        List<String> allFull = new ArrayList<>(full);
        allFull.addAll(more.full);
        return new Replies(view, both, allFull, asked + more.asked);
    }
}
