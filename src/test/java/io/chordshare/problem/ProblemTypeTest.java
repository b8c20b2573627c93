package io.chordshare.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.ProblemDetail;

class ProblemTypeTest {

    @Test
    void a_problem_has_a_stable_type_a_title_a_status_and_a_detail() {
        ProblemDetail problem = ProblemType.NO_MAJORITY.toProblem("Wait for the others.");

        assertThat(problem.getType()).hasToString("urn:chordshare:problem:no-majority");
        assertThat(problem.getStatus()).isEqualTo(503);
        assertThat(problem.getTitle()).isEqualTo("Too few of the file's nodes are reachable");
        assertThat(problem.getDetail()).isEqualTo("Wait for the others.");
    }

    @ParameterizedTest
    @EnumSource
    void every_type_is_an_error_with_a_title(ProblemType type) {
        assertThat(type.status()).isBetween(400, 599);
        assertThat(type.title()).isNotBlank();
        assertThat(type.uri().toString()).matches("urn:chordshare:problem:[a-z]+(-[a-z]+)*");
    }

    @Test
    void no_two_types_share_a_title() {
        assertThat(Arrays.stream(ProblemType.values()).map(ProblemType::title)).doesNotHaveDuplicates();
    }

    @Test
    void an_exception_carries_type_detail_and_retry_after() {
        var busy = new ChordshareException(ProblemType.BUSY, "Wait.", Duration.ofSeconds(3), null);

        assertThat(busy.type()).isEqualTo(ProblemType.BUSY);
        assertThat(busy.detail()).isEqualTo("Wait.");
        assertThat(busy.retryAfter()).contains(Duration.ofSeconds(3));
        assertThat(new ChordshareException(ProblemType.BUSY, "Wait.").retryAfter()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(
                () -> new ChordshareException(ProblemType.BUSY, "Wait.", Duration.ofSeconds(-1), null));
    }
}
