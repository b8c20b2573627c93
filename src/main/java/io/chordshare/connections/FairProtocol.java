package io.chordshare.connections;

import org.apache.coyote.http11.Http11NioProtocol;

/** HTTP/1.1 with {@link FairEndpoint}. Public and without constructor arguments, because Tomcat creates it by name. */
public final class FairProtocol extends Http11NioProtocol {

    private final FairEndpoint endpoint;

    public FairProtocol() {
        this(new FairEndpoint());
    }

    private FairProtocol(FairEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    FairEndpoint endpoint() {
        return endpoint;
    }
}
