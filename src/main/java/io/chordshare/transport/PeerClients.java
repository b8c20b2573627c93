package io.chordshare.transport;

import io.chordshare.id.ChordId;
import io.chordshare.runtime.BoundedMap;
import io.chordshare.runtime.Envelope;
import io.chordshare.runtime.Peer;
import io.chordshare.transport.client.BoundedHttp;
import io.chordshare.transport.client.BytesAnswer;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.converter.ResourceHttpMessageConverter;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;
import tools.jackson.databind.json.JsonMapper;

/** The HTTP clients for other nodes. All share one set of kept-alive connections. */
final class PeerClients implements AutoCloseable {

    /** More peers than a node talks to regularly. The client unused for longest is dropped first. */
    private static final int MAX_CLIENTS = 1024;

    private record Target(String address, @Nullable ChordId id, PeerTimeouts timeout) {}

    private final Function<@Nullable ChordId, Envelope> envelopes;
    private final BoundedHttp http = new BoundedHttp();
    private final JsonMapper json;
    private final BoundedMap<Target, PeerApi> clients = BoundedMap.byUse(MAX_CLIENTS);

    public PeerClients(JsonMapper json, Function<@Nullable ChordId, Envelope> envelopes) {
        this.json = json;
        this.envelopes = envelopes;
    }

    PeerApi to(Peer peer, PeerTimeouts timeout) {
        return client(new Target(peer.address(), peer.id(), timeout));
    }

    /** The client for the node at {@code address}. */
    PeerApi at(String address, PeerTimeouts timeout) {
        return client(new Target(address, null, timeout));
    }

    private PeerApi client(Target target) {
        synchronized (clients) {
            return clients.getOrPut(target, this::create);
        }
    }

    private PeerApi create(Target target) {
        // Set headers by an initializer, because an interceptor would buffer whole bodies. Read only JSON and bytes:
        // every other format (YAML, XML) is one more way to turn a small answer into a large one.
        RestClient rest = RestClient.builder().baseUrl(target.address())
                .requestFactory(http.within(target.timeout().limit()))
                .configureMessageConverters(converters -> converters.disableDefaults()
                        .withJsonConverter(new JacksonJsonHttpMessageConverter(json))
                        .addCustomConverter(new ResourceHttpMessageConverter()))
                .defaultStatusHandler(HttpStatusCode::is3xxRedirection, (request, answer) -> {
                    throw new RestClientException("a redirect, which no node gives");
                })
                .requestInitializer(request -> identify(request.getHeaders(), target)).build();
        return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(rest)).build().createClient(PeerApi.class);
    }

    private void identify(HttpHeaders headers, Target target) {
        identity(target.id()).forEach(headers::set);
    }

    /** Headers that say who speaks, and to whom. */
    private Map<String, String> identity(@Nullable ChordId to) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(PeerHeaders.PROTOCOL, Integer.toString(PeerHeaders.PROTOCOL_VERSION));
        Envelope envelope = envelopes.apply(to);
        if (envelope.to() != null) {
            headers.put(PeerHeaders.TO, envelope.to().toString());
        }
        if (!envelope.ringIds().isEmpty()) {
            headers.put(PeerHeaders.RING, String.join(",", envelope.ringIds()));
        }
        return headers;
    }

    /**
     * Posts bytes to a path of a peer.
     *
     * @throws IOException when there is no whole answer in time
     */
    BytesAnswer post(Peer peer, String path, String mediaType, byte[] body, PeerTimeouts timeout) throws IOException {
        Map<String, String> headers = identity(peer.id());
        headers.put(HttpHeaders.CONTENT_TYPE, mediaType);
        return http.post(URI.create(peer.address() + path), headers, body, timeout.limit());
    }

    @Override
    public void close() {
        http.close();
    }
}
