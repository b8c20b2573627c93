package io.chordshare.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chordshare.problem.StartRefusedException;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.Ordered;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class BrowserGuardTest {

    private static final int PASSED = 200;
    private static final int FORBIDDEN = 403;
    private static final int MISDIRECTED = 421;

    private final AtomicReference<String> advertised = new AtomicReference<>("http://Node7.example:8081");
    private final BrowserGuard guard = new BrowserGuard(() -> Optional.ofNullable(advertised.get()),
            List.of("files.example", "Lab.example:9000", "http://10.0.0.7:8081/"), "/actuator/health",
            List.of("10.9.0.1", "fd00::/16"));

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:8081", "LOCALHOST:8081", "localhost.:8081", "node1.localhost:8081",
        "127.0.0.1:8081", "127.255.3.4", "[::1]:8081", "[::1]", "[0:0:0:0:0:0:0:1]:8081", "[::ffff:127.0.0.1]"})
    void loopback_is_known(String host) {
        assertThat(answer(get(host))).isEqualTo(PASSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"node7.example", "NODE7.example:8081", "node7.example:9999", "files.example", "lab.example",
        "10.0.0.7"})
    void the_advertised_host_and_the_allowed_ones_are_known(String host) {
        assertThat(answer(get(host))).isEqualTo(PASSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:8081", "localhost.evil.example", "evillocalhost",
        "127.0.0.1.evil.example", "128.0.0.1", "0.0.0.0:8081", "127.0.0.999", "10.0.0.8", "[::]", "[::2]:8081",
                "[:::]", "a@localhost",
        "localhost:1:2", "localhost,evil.example", "192.168.0.1", "2130706433"})
    void any_other_host_is_misdirected(String host) throws IOException {
        MockHttpServletResponse response = send(get(host));

        assertThat(response.getStatus()).isEqualTo(MISDIRECTED);
        assertThat(response.getContentType()).startsWith("application/problem+json");
        assertThat(response.getContentAsString()).contains("\"type\":\"urn:chordshare:problem:misdirected\"",
                "\"status\":421", "chordshare.security.allowed-hosts");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness",
            "/actuator/health/ring"})
    void health_is_answered_for_every_host(String path) {
        for (String host : new String[] {"10.244.0.5:8081", "[fd00::5]:8081", "node.default.svc", "evil.example",
                "a@b"}) {
            assertThat(answer(request("GET", host, path))).isEqualTo(PASSED);
            assertThat(answer(request("HEAD", host, path))).isEqualTo(PASSED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/healthy", "/actuator/health/../../files/a", "/actuator/health/%2e%2e/ring",
        "/actuator/health;x/../ring", "/actuator/health/..;/ring", "/actuator", "/actuator/ring",
                "/files/actuator/health",
        "/actuator/health//ring", "//actuator/health"})
    void other_paths_are_not_answered_for_every_host(String path) {
        assertThat(answer(request("GET", "10.244.0.5:8081", path))).isEqualTo(MISDIRECTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
    void health_is_only_read_under_a_foreign_host(String method) {
        assertThat(answer(request(method, "10.244.0.5:8081", "/actuator/health"))).isEqualTo(MISDIRECTED);
    }

    @Test
    void a_host_is_known_once_it_is_the_advertised_one() {
        advertised.set(null);
        assertThat(answer(get("late.example"))).isEqualTo(MISDIRECTED);

        advertised.set("http://late.example:8081");
        assertThat(answer(get("late.example"))).isEqualTo(PASSED);
    }

    @Test
    void a_request_without_a_host_passes_because_no_browser_sends_one() {
        assertThat(answer(new MockHttpServletRequest("GET", "/"))).isEqualTo(PASSED);
        assertThat(answer(new MockHttpServletRequest("PUT", "/files/a"))).isEqualTo(PASSED);
    }

    @Test
    void an_unsafe_request_without_a_host_but_with_an_origin_is_refused() {
        var request = new MockHttpServletRequest("PUT", "/files/a");
        request.addHeader("Origin", "http://localhost:8081");

        assertThat(answer(request)).isEqualTo(FORBIDDEN);
    }

    @Test
    void curl_and_peers_send_no_origin_and_pass() {
        assertThat(answer(request("PUT", "localhost:8081"))).isEqualTo(PASSED);
        assertThat(answer(request("DELETE", "localhost:8081"))).isEqualTo(PASSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8081", "HTTP://LOCALHOST:8081"})
    void the_nodes_own_pages_may_change_things(String origin) {
        assertThat(answer(post("localhost:8081", origin))).isEqualTo(PASSED);
    }

    @Test
    void a_standard_port_may_be_left_out() {
        assertThat(answer(post("localhost", "http://localhost:80"))).isEqualTo(PASSED);
        assertThat(answer(post("localhost:80", "http://localhost"))).isEqualTo(PASSED);

        MockHttpServletRequest tls = post("localhost", "https://localhost:443");
        tls.setScheme("https");
        assertThat(answer(tls)).isEqualTo(PASSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example", "http://localhost:3000", "https://localhost:8081",
            "http://127.0.0.1:8081",
        "http://localhost", "null", "", "localhost:8081", "http://localhost:8081.evil.example",
                "http://localhost:8081/x",
        "http://x@localhost:8081", "http://node7.example:8081", "file://"})
    void a_form_post_from_a_foreign_page_is_refused(String origin) throws IOException {
        MockHttpServletResponse response = send(post("localhost:8081", origin));

        assertThat(response.getStatus()).isEqualTo(FORBIDDEN);
        assertThat(response.getContentType()).startsWith("application/problem+json");
        assertThat(response.getContentAsString()).contains("urn:chordshare:problem:foreign-origin");
        assertThat(response.getHeaderNames()).noneMatch(name -> name.startsWith("Access-Control-"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "get", "QUERY"})
    void every_method_that_may_change_something_is_guarded(String method) {
        MockHttpServletRequest request = request(method, "localhost:8081");
        request.addHeader("Sec-Fetch-Site", "cross-site");

        assertThat(answer(request)).isEqualTo(FORBIDDEN);
    }

    @Test
    void one_foreign_origin_among_several_is_enough() {
        MockHttpServletRequest request = post("localhost:8081", "http://localhost:8081");
        request.addHeader("Origin", "http://evil.example");

        assertThat(answer(request)).isEqualTo(FORBIDDEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"same-origin", "none"})
    void a_request_that_the_browser_marks_as_same_origin_passes(String site) {
        MockHttpServletRequest request = post("localhost:8081", "http://localhost:8081");
        request.addHeader("Sec-Fetch-Site", site);

        assertThat(answer(request)).isEqualTo(PASSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "TRACE"})
    void a_link_from_a_foreign_page_may_be_followed(String method) {
        MockHttpServletRequest request = request(method, "localhost:8081");
        request.addHeader("Sec-Fetch-Site", "cross-site");
        request.addHeader("Origin", "http://evil.example");

        assertThat(answer(request)).isEqualTo(PASSED);
    }

    @Test
    void a_foreign_preflight_is_refused() {
        MockHttpServletRequest request = request("OPTIONS", "localhost:8081");
        request.addHeader("Origin", "http://evil.example");
        request.addHeader("Access-Control-Request-Method", "PUT");

        assertThat(answer(request)).isEqualTo(FORBIDDEN);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "10.9.0.1     | X-Forwarded-Proto: https",
        "10.9.0.1     | X-Forwarded-Proto: http, https",
        "10.9.0.1     | X-Forwarded-Proto: HTTPS; X-Forwarded-Host: files.example",
        "10.9.0.1     | Forwarded: for=192.0.2.1;proto=https",
        "10.9.0.1     | Forwarded: proto=http;host=evil.example, for=x; host=\"files.example\"; proto=https",
        "fd00::5      | X-Forwarded-Proto: https",
        "fd00::5%eth0 | X-Forwarded-Proto: https"})
    void own_pages_behind_a_trusted_tls_proxy_may_change_things(String proxy, String headers) {
        assertThat(answer(forwarded(proxy, "https://files.example", headers))).isEqualTo(PASSED);
        assertThat(answer(forwarded(proxy, "http://files.example", headers))).isEqualTo(FORBIDDEN);
        assertThat(answer(forwarded(proxy, "https://evil.example", headers))).isEqualTo(FORBIDDEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.9.0.2", "::1", "fd01::5"})
    void forwarded_headers_of_anybody_else_are_ignored(String remote) {
        for (String headers : new String[] {"X-Forwarded-Proto: https", "Forwarded: proto=https"}) {
            assertThat(answer(forwarded(remote, "https://files.example", headers))).isEqualTo(FORBIDDEN);
        }
        assertThat(answer(forwarded(remote, "http://evil.example", "X-Forwarded-Host: evil.example")))
                .isEqualTo(FORBIDDEN);
    }

    @Test
    void a_trusted_proxy_reports_host_and_port_and_that_host_must_be_known() {
        String port = "X-Forwarded-Proto: https; X-Forwarded-Host: node7.example; X-Forwarded-Port: 8443";
        assertThat(answer(forwarded("10.9.0.1", "https://node7.example:8443", port))).isEqualTo(PASSED);
        assertThat(answer(forwarded("10.9.0.1", "https://node7.example", port))).isEqualTo(FORBIDDEN);
        assertThat(answer(forwarded("10.9.0.1", "https://files.example:8443",
                "X-Forwarded-Proto: https; X-Forwarded-Port: 8443"))).isEqualTo(PASSED);
        assertThat(answer(forwarded("10.9.0.1", "https://evil.example", "X-Forwarded-Host: evil.example")))
                .isEqualTo(MISDIRECTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy.example", "10.0.0.0/33", "10.0.0.0/x", "*", "10.0.0", "10.1", "",
        "fd00::/129", "::x", "0x7f.0.0.1", "a:b"})
    void a_proxy_without_a_valid_address_is_reported_at_the_start(String proxy) {
        assertThatThrownBy(() -> new SecurityProperties(false, List.of(), List.of(proxy)))
                .isInstanceOfSatisfying(StartRefusedException.class, refused ->
                        assertThat(refused.action()).contains("10.0.0.0/8"));
    }

    /** @param headers in the form {@code Name: value}, separated by {@code "; "} before the next name */
    private static MockHttpServletRequest forwarded(String remote, String origin, String headers) {
        MockHttpServletRequest request = post("files.example", origin);
        request.setRemoteAddr(remote.strip());
        for (String header : headers.split("; (?=X-)")) {
            String[] pair = header.split(": ", 2);
            request.addHeader(pair[0], pair[1]);
        }
        return request;
    }

    @Test
    void the_guard_is_the_first_filter() {
        assertThat(guard.getOrder()).isEqualTo(Ordered.HIGHEST_PRECEDENCE);
    }

    @Test
    void an_invalid_allowed_host_is_reported_at_the_start() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BrowserGuard(Optional::empty, List.of("not a host"), "/actuator/health",
                List.of()))
                .withMessageContaining("chordshare.security.allowed-hosts").withMessageContaining("not a host");
    }

    private static MockHttpServletRequest get(String host) {
        return request("GET", host);
    }

    private static MockHttpServletRequest post(String host, String origin) {
        MockHttpServletRequest request = request("POST", host);
        request.addHeader("Origin", origin);
        return request;
    }

    private static MockHttpServletRequest request(String method, String host) {
        return request(method, host, "/files/a");
    }

    private static MockHttpServletRequest request(String method, String host, String path) {
        var request = new MockHttpServletRequest(method, path);
        request.addHeader("Host", host);
        return request;
    }

    private int answer(MockHttpServletRequest request) {
        return send(request).getStatus();
    }

    private MockHttpServletResponse send(MockHttpServletRequest request) {
        var response = new MockHttpServletResponse();
        var chain = new MockFilterChain();
        try {
            guard.doFilter(request, response, chain);
        } catch (IOException | ServletException e) {
            throw new AssertionError(e);
        }
        assertThat(chain.getRequest() != null).as("reached the application").isEqualTo(response.getStatus() == PASSED);
        return response;
    }
}
