package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A change of the interface is a change of a file in the repository. */
@ExtendWith(SharedRing.class)
class KeptDocumentsTest {

    private final LocalNodes ring;

    KeptDocumentsTest(LocalNodes ring) {
        this.ring = ring;
    }

    @ParameterizedTest
    @ValueSource(strings = {"public", "peer"})
    void the_served_interface_equals_the_document_in_the_repository(String group) {
        String served = KeptDocuments.normalised(ring.api(0).get("/v3/api-docs/" + group).assertStatus(200).json());
        if (KeptDocuments.RENEW) {
            KeptDocuments.renew(group, served);
        }
        assertThat(served).as("""
                The interface changed. If that is meant, renew docs/openapi and look at the difference:
                mvn test -Dtest=KeptDocumentsTest -Dopenapi.renew=true
                """).isEqualTo(KeptDocuments.kept(group));
    }

    @Test
    void every_node_serves_the_same_document() {
        String first = KeptDocuments.normalised(ring.api(0).get("/v3/api-docs/public").json());
        assertThat(KeptDocuments.normalised(ring.api(1).get("/v3/api-docs/public").json())).isEqualTo(first);
    }

    @Test
    void every_status_of_a_user_call_must_be_documented() {
        assertThatCode(() -> KeptDocuments.check("PUT", "/files/a/b?copies=2", 201)).doesNotThrowAnyException();
        assertThatCode(() -> KeptDocuments.check("PATCH", "/files/a", 405)).doesNotThrowAnyException();
        assertThatThrownBy(() -> KeptDocuments.check("PUT", "/files/a/b?copies=2", 418)).hasMessageContaining("418");
        assertThatThrownBy(() -> KeptDocuments.check("GET", "/ring/lookup/xyz", 207)).hasMessageContaining("207");
    }

    @Test
    void every_operation_documents_success_and_problems() {
        JsonNode paths = new JsonMapper().readTree(KeptDocuments.kept("public")).path("paths");
        assertThat(paths.size()).isGreaterThan(10);
        paths.properties().forEach(path -> path.getValue().properties().forEach(operation -> {
            String name = operation.getKey() + " " + path.getKey();
            assertThat(operation.getValue().path("summary").asString("")).as(name).isNotBlank();
            JsonNode responses = operation.getValue().path("responses");
            assertThat(responses.propertyNames()).as(name).anyMatch(status -> status.startsWith("2"))
                    .contains("400", "421", "500", "503");
            responses.properties().forEach(response -> assertThat(response.getValue().path("description").asString(""))
                    .as(name + " " + response.getKey()).isNotBlank());
        }));
    }
}
