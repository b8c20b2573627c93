package io.chordshare.register;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.id.ChordId;
import io.chordshare.placement.View;
import io.chordshare.register.RegisterRequest.RegisterReply;
import io.chordshare.register.Replies.Reply;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a writer concludes from the answers of three members. */
class RepliesTest {

    private static final List<Peer> MEMBERS = IntStream.range(0, 3).mapToObj(i ->
            new Peer(ChordId.ofName("member-" + i), "http://127.0.0.1:808" + i, 1)).toList();
    private static final View VIEW = new View("ring", 1, 2, MEMBERS, List.of());

    private static final Outcome<Reply> FULL =
            Outcome.of(() -> {
                throw new PeerException(Reason.DISK_FULL, "no room");
            });

    private static Outcome<Reply> done(int member) {
        return Outcome.of(() -> new Reply(MEMBERS.get(member),
                RegisterReply.of(RegisterStatus.DONE, Register.EMPTY, false)));
    }

    private static Outcome<Reply> changing(int member) {
        return Outcome.of(() -> new Reply(MEMBERS.get(member),
                RegisterReply.elsewhere(RegisterStatus.CHANGING, null)));
    }

    @Test
    void one_full_member_is_no_reason_while_another_is_about_to_answer_in_a_view() {
        assertThat(Replies.of(VIEW, List.of(FULL, changing(1), done(2)), 3).hasNoRoom()).isFalse();
    }

    @Test
    void it_is_for_want_of_room_when_a_majority_cannot_come_about_whatever_the_others_say() {
        assertThat(Replies.of(VIEW, List.of(FULL, FULL, changing(2)), 3).hasNoRoom()).isTrue();
    }

    @Test
    void one_full_member_is_no_reason_while_too_few_of_the_others_answer() {
        assertThat(Replies.of(VIEW, List.of(FULL), 3).hasNoRoom()).isFalse();
        assertThat(Replies.of(VIEW, List.of(FULL), 1).hasNoRoom()).as("the only one that must hold the bytes")
                .isTrue();
    }

    @Test
    void it_is_for_want_of_room_when_nothing_else_stands_in_the_way() {
        assertThat(Replies.of(VIEW, List.of(FULL, done(1)), 3).hasNoRoom()).isTrue();
        assertThat(Replies.of(VIEW, List.of(done(0), done(1)), 3).hasNoRoom()).isFalse();
    }
}
