package io.chordshare.security;

import io.chordshare.problem.ProblemJson;
import io.chordshare.problem.ProblemType;
import io.chordshare.runtime.NodeAddress;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Keeps web pages from using a node through the browser of somebody who has it running. Listening on loopback protects
 * nobody from that: the browser is on the same machine.
 * <ul>
 * <li>The host that is asked for must be known ({@code 421} otherwise), or a page could point its own DNS name at
 * 127.0.0.1 and then read everything as its own origin. Health is answered whatever the host: Kubernetes and load
 * balancers probe by IP address.</li>
 * <li>What changes something must not come from a foreign page ({@code 403}), which can send forms anywhere.</li>
 * <li>Nobody is invited by CORS: a foreign page's preflight is a {@code 403} too.</li>
 * </ul>
 */
public final class BrowserGuard extends OncePerRequestFilter implements Ordered {

    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final Set<String> HEALTH_METHODS = Set.of("GET", "HEAD");
    private static final String SEC_FETCH_SITE = "Sec-Fetch-Site";

    private final Supplier<Optional<String>> advertisedAddress;
    private final Set<String> allowedHosts;
    private final Pattern healthPath;
    private final TrustedProxies proxies;

    /**
     * @param advertisedAddress what peers are told, {@code http://host:port}; asked again for each request, since it
     *                          may only be known once the port is open
     * @param allowedHosts      further hosts by which this node may be called
     * @param healthEndpoint    path of the health endpoint, such as {@code /actuator/health}
     * @param trustedProxies    addresses or networks of proxies whose forwarded headers are believed
     */
    public BrowserGuard(Supplier<Optional<String>> advertisedAddress, List<String> allowedHosts, String healthEndpoint,
                        List<String> trustedProxies) {
        this.proxies = new TrustedProxies(trustedProxies);
        // compared with the address as it was sent: nothing in it may be decoded or normalised into another path later
        this.healthPath = Pattern.compile(Pattern.quote(healthEndpoint) + "(/[A-Za-z][A-Za-z0-9-]*)*");
        this.advertisedAddress = advertisedAddress;
        this.allowedHosts = allowedHosts.stream().map(BrowserGuard::hostOf).collect(Collectors.toUnmodifiableSet());
    }

    private static String hostOf(String setting) {
        return Authority.parseAddress(setting)
                .orElseThrow(() -> new IllegalArgumentException(
                        "chordshare.security.allowed-hosts: \"" + setting + "\" is not a host"))
                .host();
    }

    /** Before all other filters: nothing may look into a request that is going to be refused. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<String> hostHeader = Optional.ofNullable(request.getHeader(HttpHeaders.HOST))
                .filter(host -> !host.isBlank());
        Optional<Authority> host = hostHeader.flatMap(Authority::parse);
        // Without a Host (HTTP/1.0, as some health checks still send it) there is no name that could have been rebound,
        // and no browser leaves it out: the request passes. If it has an Origin after all, nothing can match it below.
        // Probes of health name the node by any address. What they read is of no use to a page: UP or DOWN.
        TrustedProxies.Target target = proxies.target(request);
        boolean known = host.map(this::isKnown).orElse(false) && target.host().map(this::isKnown).orElse(false);
        if (hostHeader.isPresent() && !known && !isHealthProbe(request)) {
            ProblemJson.send(response, ProblemType.MISDIRECTED,
                    "Call this node by localhost or by its advertised address,"
                    + " or add the host to chordshare.security.allowed-hosts.");
        } else if (needsOwnOrigin(request) && isForeign(request, target)) {
            ProblemJson.send(response, ProblemType.FOREIGN_ORIGIN, "Send the request from this node's own pages,"
                    + " or without a browser: a page of another site, or of another port, may not change anything.");
        } else {
            chain.doFilter(request, response);
        }
    }

    private boolean isKnown(Authority authority) {
        return authority.isLoopback() || allowedHosts.contains(authority.host())
                || advertisedAddress.get().flatMap(NodeAddress::find)
                        .map(advertised -> advertised.host().equals(authority.host()))
                        .orElse(false);
    }

    private boolean isHealthProbe(HttpServletRequest request) {
        return HEALTH_METHODS.contains(request.getMethod()) && healthPath.matcher(request.getRequestURI()).matches();
    }

    private static boolean needsOwnOrigin(HttpServletRequest request) {
        // a preflight asks whether the page may send something unsafe: answered here, as problem details like all else
        boolean preflight = request.getMethod().equals("OPTIONS")
                && request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD) != null;
        return preflight || !SAFE_METHODS.contains(request.getMethod());
    }

    private static boolean isForeign(HttpServletRequest request, TrustedProxies.Target target) {
        if ("cross-site".equalsIgnoreCase(request.getHeader(SEC_FETCH_SITE))) {
            return true;
        }
        return Collections.list(request.getHeaders(HttpHeaders.ORIGIN)).stream()
                .anyMatch(origin -> !target.host().map(own -> own.isOrigin(origin, target.scheme())).orElse(false));
    }
}
