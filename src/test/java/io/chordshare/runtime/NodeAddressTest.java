package io.chordshare.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.chordshare.ring.TestPeers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeAddressTest {

    @ParameterizedTest
    @CsvSource({"http://127.0.0.1:8081, http://127.0.0.1:8081",
            "HTTP://Node-1.Example:8081, http://node-1.example:8081",
        "http://node:8081/, http://node:8081", "http://node, http://node:80", "https://node, https://node:443",
        "https://node/, https://node:443", "https://node:8443, https://node:8443",
        "http://node.example.:80, http://node.example:80",
        "http://4f3a2b1c0d9e:8081, http://4f3a2b1c0d9e:8081", "http://3n.4y:1, http://3n.4y:1",
        "http://[::1]:8081, http://[::1]:8081", "http://[0:0:0:0:0:0:0:1]:8081, http://[::1]:8081",
        "http://[2001:DB8:0:0:1:0:0:1], http://[2001:db8::1:0:0:1]:80",
        "http://[fe80:0:1:0:0:0:1:0]:1, http://[fe80:0:1::1:0]:1",
        "http://[2001:db8:1:2:3:4:5:0]:1, http://[2001:db8:1:2:3:4:5:0]:1",
        "http://[2001:db8::]:1, http://[2001:db8::]:1",
        "http://[10:20:0:0:0:0:100:10]:1, http://[10:20::100:10]:1", "http://[::ffff:10.0.0.1]:1, http://10.0.0.1:1"})
    void one_address_has_one_spelling(String given, String spelling) {
        assertThat(NodeAddress.parse(given)).hasToString(spelling);
        assertThat(NodeAddress.parse(spelling)).isEqualTo(NodeAddress.parse(given));
        assertThat(new Peer(TestPeers.at(1), given, 1).address()).isEqualTo(spelling);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "http://", "http:///", "http://:80", "node:8081", "//node:8081", "ftp://node:1",
            "file:///etc",
        "javascript://node:1", "http:node:1", "http://node:8081/path", "http://node:8081//", "http://node:8081/?q",
        "http://node:8081?q=1", "http://node:8081#f", "http://user@node:1", "http://user:word@node:1", "http://node:0",
        "http://node:65536", "http://node:99999", "http://node:-1", "http://node:+1", "http://node:", "http://node:/",
        "http://node:8081:1", "http://node:80 81", "http://node:٣", "http://a b", "http://a_b:1", "http://a%2eb:1",
        "http://a..b", "http://.a", "http://-a", "http://a-", "http://a-.b", "http://a.-b", "http://.", "http://ä:1",
        "http://127.1:1", "http://2130706433:1", "http://0x7f.0.0.1:1", "http://0x7f000001:1", "http://0x",
        "http://127.0.0.01",
        "http://0177.0.0.1", "http://256.0.0.1", "http://1.2.3.4.5", "http://node.1", "http://0.0.0.0:1",
        "http://[::]:1",
        "http://[::0.0.0.0]:1", "http://[::1", "http://::1", "http://[]:1", "http://[:::]:1", "http://[fe80::1%eth0]:1",
        "http://[fe80::1%251]:1", "http://[1:2]:1", "http://[g::1]:1", "http://[::1]x:1", "http://x[::1]:1",
        "http://[::1]]:1",
        "http://node\n:1", "http://node:1\r\nHost: x", "http://\u001b[2Jnode:1", "http://node\u0000:1",
        "http://node\\x:1",
        " http://node:1", "http://node:1 ", "http://node;x:1"})
    void anything_else_is_no_address_and_no_peer_has_it(String given) {
        assertThat(NodeAddress.find(given)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> NodeAddress.parse(given))
                .withMessageContaining("http://host:port");
        assertThatIllegalArgumentException().isThrownBy(() -> new Peer(TestPeers.at(1), given, 1));
    }

    @Test
    void names_have_the_lengths_that_dns_allows() {
        String label = "a".repeat(63);
        String longest = String.join(".", label, label, label, "a".repeat(61));
        assertThat(NodeAddress.find("https://" + longest + ":65535")).isPresent();
        assertThat(NodeAddress.find("https://" + longest + "a:65535")).isEmpty();
        assertThat(NodeAddress.find("http://" + label + "a")).isEmpty();
        assertThat(NodeAddress.find("http://" + "a.".repeat(1_000_000))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:1", "http://x.localhost:1", "http://127.0.0.1:1", "http://127.9.9.9:1",
            "http://[::1]:1"})
    void loopback_is_this_machine(String loopback) {
        assertThat(NodeAddress.parse(loopback).isLoopback()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1.example:1", "http://localhost.example:1", "http://10.0.0.1:1",
            "http://[2001:db8::1]:1"})
    void everything_else_may_be_another_machine(String other) {
        assertThat(NodeAddress.parse(other).isLoopback()).isFalse();
    }

    @Test
    void a_peer_without_an_id_or_an_address_is_none() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Peer(null, "http://node:1", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Peer(TestPeers.at(1), null, 1));
    }
}
