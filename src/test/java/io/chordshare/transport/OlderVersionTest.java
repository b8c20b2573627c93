package io.chordshare.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.replication.ReplicaRequest.AskStates;
import io.chordshare.replication.ReplicaRequest.ReplicaState;
import io.chordshare.ring.protocol.RingRequest.PingReqAnswer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** During a rolling upgrade, nodes of two versions are in one ring. */
class OlderVersionTest {

    private final JsonMapper json = JsonMapper.builder().build();

    @Test
    void a_ping_req_answer_without_suspicion_is_understood() {
        assertThat(json.readValue("{\"pong\":null}", PingReqAnswer.class)).isEqualTo(new PingReqAnswer(null, null));
    }

    @Test
    void the_suspicion_in_a_ping_req_answer_is_the_only_new_field() {
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
