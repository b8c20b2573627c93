package io.chordshare.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.replication.ReplicaRequest.AskStates;
import io.chordshare.replication.ReplicaRequest.ReplicaState;
import io.chordshare.ring.protocol.RingRequest.PingReqAnswer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** While a ring is brought to a new version one by one, nodes of both are in it. */
class OlderVersionTest {

    private final JsonMapper json = JsonMapper.builder().build();

    @Test
    void the_answer_of_a_helper_that_does_not_say_whom_it_suspects_is_understood() {
        assertThat(json.readValue("{\"pong\":null}", PingReqAnswer.class)).isEqualTo(new PingReqAnswer(null, null));
    }

    @Test
    void what_a_helper_says_of_a_suspect_is_one_field_more_and_no_other() {
        assertThat(json.writeValueAsString(new PingReqAnswer(null, true)))
                .isEqualTo("{\"pong\":null,\"suspected\":true}");
    }

    @Test
    void a_question_for_states_without_lines_is_what_it_was_and_so_is_the_answer() {
        String key = "0".repeat(40);
        AskStates question = json.readValue("{\"keys\":[\"" + key + "\"]}", AskStates.class);
        assertThat(question.lines()).isNull();
        assertThat(json.writeValueAsString(question)).isEqualTo("{\"keys\":[\"" + key + "\"]}");
        ReplicaState state = json.readValue("{\"key\":\"" + key + "\",\"version\":{\"counter\":0,\"writer\":\"\"},"
                + "\"deleted\":false,\"complete\":false,\"current\":true}", ReplicaState.class);
        assertThat(state.line()).isNull();
        assertThat(json.writeValueAsString(state)).doesNotContain("line");
    }
}
